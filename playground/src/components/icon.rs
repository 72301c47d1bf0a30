//! The icons: strokes on a grid of 16, in the colour of the text around them. Decoration only: what
//! they stand for is said in words, beside them or by a label.

use leptos::prelude::*;

/// The strokes of an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Icon(&'static str);

pub(crate) const ADD: Icon = Icon("M8 3.5v9M3.5 8h9");
pub(crate) const LESS: Icon = Icon("M3.5 8h9");
pub(crate) const WHOLE: Icon = Icon("M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3");
pub(crate) const CLOSE: Icon = Icon("M4.5 4.5l7 7M11.5 4.5l-7 7");
pub(crate) const COPY: Icon = Icon("M6 6h7v7H6zM3 10V3h7");
pub(crate) const DOWNLOAD: Icon = Icon("M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10");
pub(crate) const ARCHIVE: Icon = Icon("M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 8.5h3");
pub(crate) const EXAMPLES: Icon =
    Icon("M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z");
pub(crate) const SHARE: Icon = Icon(
    "M6.5 9.5l3-3M7 4.5l1.2-1.2a3 3 0 014.3 4.3L11.3 8.8M9 11.5l-1.2 1.2a3 3 0 01-4.3-4.3L4.7 7.2",
);
pub(crate) const SEARCH: Icon = Icon("M7 11.5a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM10.5 10.5l3 3");
pub(crate) const THEME: Icon = Icon("M13 9.5A5.5 5.5 0 016.5 3a5.5 5.5 0 106.5 6.5z");
pub(crate) const OPTIONS: Icon =
    Icon("M2.5 5h5M11 5h2.5M9.2 3.3v3.4M2.5 11H5M8.5 11h5M6.8 9.3v3.4");
pub(crate) const ERROR: Icon = Icon("M8 14A6 6 0 108 2a6 6 0 000 12zM8 5v3.5M8 10.9v.2");
pub(crate) const WARNING: Icon = Icon("M8 2.5L14 13H2zM8 6.5v3M8 11v.2");
pub(crate) const NOTE: Icon = Icon("M8 14A6 6 0 108 2a6 6 0 000 12zM8 7.5V11M8 5v.2");
pub(crate) const CHECK: Icon = Icon("M3 8.5l3.2 3.2L13 5");
pub(crate) const CHEVRON: Icon = Icon("M4.5 6.5L8 10l3.5-3.5");
pub(crate) const FORMAT: Icon = Icon("M2.5 3.5h11M5.5 6.5h8M5.5 9.5h8M2.5 12.5h11");

/// An icon.
#[component]
pub(crate) fn Glyph(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=icon.0></path>
        </svg>
    }
}
