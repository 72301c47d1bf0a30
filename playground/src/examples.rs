//! The gallery: the repository's own examples, from two tables to a product in thirty.

use crate::project::{File, Project};

/// An example.
#[derive(Debug)]
pub(crate) struct Example {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    files: &'static [(&'static str, &'static str)],
}

macro_rules! files {
    ($folder:literal: $($name:literal),+) => {
        &[$(($name, include_str!(concat!("../../examples/", $folder, $name)))),+]
    };
}

/// Every example, the simplest first; a first visit begins with it.
pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        title: "A blog",
        about: "Two tables, an enum, and policies that make what is published public.",
        files: files!("hello/": "schema.yaml"),
    },
    Example {
        title: "A guestbook on Supabase",
        about: "One table that everybody may sign and nobody may change: grants by column, policies.",
        files: files!("vite-react-supabase/schema/": "guestbook.yaml"),
    },
    Example {
        title: "Notes behind an API",
        about: "Roles without Supabase, a function that says who asks, policies built on it.",
        files: files!("node-api/schema/": "notes.yaml"),
    },
    Example {
        title: "A SaaS product",
        about: "Thirty tables in ten files: organisations, roles, billing, documents, an audit log.",
        files: files!("saas/schema/": "base.yaml", "identity.yaml", "organisations.yaml", "billing.yaml", "work.yaml",
            "documents.yaml", "files.yaml", "knowledge.yaml", "integrations.yaml", "activity.yaml"),
    },
];

impl Example {
    /// How many files it has.
    pub(crate) const fn size(&self) -> usize {
        self.files.len()
    }

    /// Its files as a project.
    pub(crate) fn project(&self) -> Project {
        let file = |(name, text): &(&str, &str)| File {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        };
        Project::new(self.files.iter().map(file).collect())
    }
}
