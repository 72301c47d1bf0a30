//! What the page shows, as signals.
//!
//! In: what the session says. Out: signals, which components read. Knows no element and starts nothing:
//! what can be done is in [`crate::page`].

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::interop::{Action, Happened, Problem, Severity, Written};
use crate::panels;
use crate::project::{File, Options, Project};
use crate::theme::Theme;

/// How the compiler is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Compiler {
    /// On its way.
    Loading,
    /// There.
    Ready,
    /// Not there, for this reason.
    Failed(String),
}

/// What lies over the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Overlay {
    /// All commands.
    Palette,
    /// What can be done at the cursor.
    Actions(Vec<Action>),
    /// The examples.
    Gallery,
    /// A link to what is on the page.
    Share(String),
    /// A name for a file: of a new one, or of the one that has this name.
    Name(Option<String>),
    /// What a code means.
    Explain(String),
}

/// Something to be told in passing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: String,
    /// Whether it offers to bring back what was on the page before.
    pub(crate) can_go_back: bool,
}

/// On a phone, one side is seen at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Schema,
    Results,
}

/// All signals of the page.
#[derive(Clone, Copy)]
pub(crate) struct State {
    pub(crate) compiler: RwSignal<Compiler>,
    pub(crate) files: RwSignal<Vec<String>>,
    pub(crate) active: RwSignal<String>,
    pub(crate) target: RwSignal<String>,
    pub(crate) options: RwSignal<BTreeMap<String, Options>>,
    pub(crate) target_version: RwSignal<Option<u16>>,
    /// Whether what is seen of the compiler is about an earlier text.
    pub(crate) is_stale: RwSignal<bool>,
    /// Whether the schema has no errors.
    pub(crate) is_right: RwSignal<bool>,
    pub(crate) problems: RwSignal<Vec<Problem>>,
    pub(crate) written: RwSignal<Vec<Written>>,
    pub(crate) shown: RwSignal<String>,
    /// How long the last compilation took, in milliseconds.
    pub(crate) took: RwSignal<f64>,
    pub(crate) panel: RwSignal<&'static str>,
    pub(crate) side: RwSignal<Side>,
    pub(crate) overlay: RwSignal<Option<Overlay>>,
    pub(crate) notice: RwSignal<Option<Notice>>,
    pub(crate) theme: RwSignal<Theme>,
}

impl State {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            compiler: RwSignal::new(Compiler::Loading),
            files: RwSignal::default(),
            active: RwSignal::default(),
            target: RwSignal::new("sql".to_owned()),
            options: RwSignal::default(),
            target_version: RwSignal::default(),
            is_stale: RwSignal::new(true),
            is_right: RwSignal::new(true),
            problems: RwSignal::default(),
            written: RwSignal::default(),
            shown: RwSignal::default(),
            took: RwSignal::default(),
            panel: RwSignal::new(panels::FIRST),
            side: RwSignal::new(Side::Schema),
            overlay: RwSignal::default(),
            notice: RwSignal::default(),
            theme: RwSignal::new(Theme::kept()),
        }
    }

    /// Takes in what the session says.
    pub(crate) fn hear(&self, happened: Happened) {
        match happened {
            Happened::Compiled { ok, current, diagnostics, written, took } => {
                set_if_new(self.compiler, Compiler::Ready);
                set_if_new(self.is_right, ok);
                set_if_new(self.problems, diagnostics);
                let shown = self.shown.get_untracked();
                if !written.iter().any(|file| file.path == shown) {
                    self.shown.set(written.first().map(|it| it.path.clone()).unwrap_or_default());
                }
                set_if_new(self.written, written);
                self.took.set(took);
                set_if_new(self.is_stale, !current);
            }
            Happened::Failed { message } => self.compiler.set(Compiler::Failed(message)),
            Happened::Edited => set_if_new(self.is_stale, true),
            Happened::Selected { file } => self.active.set(file),
            Happened::Went => self.side.set(Side::Schema),
            Happened::Notice { text } => self.tell(text),
        }
    }

    /// Tells something in passing.
    pub(crate) fn tell(&self, text: impl Into<String>) {
        self.notice.set(Some(Notice { text: text.into(), can_go_back: false }));
    }

    /// The whole page with these texts.
    pub(crate) fn project(&self, files: Vec<File>) -> Project {
        let mut project = Project::new(files);
        project.active = self.active.get_untracked();
        project.target = self.target.get_untracked();
        project.options = self.options.get_untracked();
        project.target_version = self.target_version.get_untracked();
        project
    }

    /// How many findings there are of this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.problems.with(|all| all.iter().filter(|it| it.severity == severity).count())
    }
}

/// Most keystrokes change little: what stays wakes nobody.
fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|it| *it != value) {
        signal.set(value);
    }
}
