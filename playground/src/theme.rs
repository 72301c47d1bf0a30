//! Light or dark: as the visitor chose, else as the system is. Kept by the browser; the colours
//! themselves are in the style sheet.

use leptos::prelude::{document, window};

const KEY: &str = "theme";

/// A choice of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    /// What was chosen before.
    pub(crate) fn kept() -> Self {
        let storage = window().local_storage().ok().flatten();
        match storage.and_then(|it| it.get_item(KEY).ok().flatten()).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The other colours than those that are seen.
    pub(crate) fn toggled(self) -> Self {
        let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        match self {
            Self::Dark => Self::Light,
            Self::System if query.is_some_and(|it| it.matches()) => Self::Light,
            Self::Light | Self::System => Self::Dark,
        }
    }

    /// Shows it and keeps it.
    pub(crate) fn apply(self) {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", self.name());
        }
        // A browser that keeps nothing shows it all the same.
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item(KEY, self.name());
        }
    }
}
