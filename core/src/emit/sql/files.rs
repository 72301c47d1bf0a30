//! Which statements stand in which file, and what the files are called.
//!
//! In: statements in order, and a layout. Out: files in the order in which they apply, by number, by
//! name and by the order of the list alike. Writes no SQL: `layout` puts statements on a page.

use super::super::output;
use super::{Layout, Range};
use crate::ddl::{Phase, Section, Statement};

/// How files are called, in a folder.
pub(super) struct Names<'a> {
    pub(super) layout: Layout,
    pub(super) range: Range,
    /// Its digits are the time of the first migration, as far as they go.
    pub(super) timestamp: &'a str,
}

/// A file's path, and its statements.
pub(super) type Script<'a> = (String, Vec<&'a Statement>);

/// The files of `statements`, of which none is empty. `out` is a folder, or a file that names one.
pub(super) fn files<'a>(
    names: &Names<'_>,
    statements: &'a [Statement],
    out: &str,
) -> Vec<Script<'a>> {
    if names.layout == Layout::Single {
        return vec![(output::place(out, "schema.sql"), statements.iter().collect())];
    }
    let folder = out.strip_suffix(".sql").unwrap_or(out);
    let mut files: Vec<Script<'_>> = Vec::new();
    for part in PARTS {
        let path = match folder {
            "" => names.of(*part),
            folder => format!("{folder}/{}", names.of(*part)),
        };
        let here = |statement: &&Statement| {
            statement.phase != Phase::Session && names.part(statement) == *part
        };
        let own: Vec<&Statement> = statements.iter().filter(here).collect();
        if !own.is_empty() {
            // Settings end with the file or the session, whichever ends first.
            let settings = statements.iter().filter(|statement| statement.phase == Phase::Session);
            files.push((path, settings.chain(own).collect()));
        }
    }
    files
}

/// The sections, in order; the place of each is its number.
const PARTS: &[Section] = &[
    Section::Foundations,
    Section::Tables,
    Section::Functions,
    Section::Triggers,
    Section::Access,
    Section::Comments,
];

impl Names<'_> {
    /// The section whose file has a statement: types stand with tables, and services begin with both.
    fn part(&self, statement: &Statement) -> Section {
        let joined = self.layout == Layout::Numbered && self.range != Range::Bootstrap;
        match statement.section {
            Section::Foundations if !joined => Section::Foundations,
            section => section.max(Section::Tables),
        }
    }

    /// The name of the file of `section`.
    fn of(&self, section: Section) -> String {
        let (place, title) = match section {
            Section::Foundations => (0, "extensions"),
            Section::Types | Section::Tables => (1, "tables"),
            Section::Functions => (2, "functions"),
            Section::Triggers => (3, "triggers"),
            Section::Access => (4, "rls"),
            Section::Comments => (5, "comments"),
        };
        match self.layout {
            Layout::Single => "schema.sql".to_owned(),
            Layout::Numbered => match self.range {
                Range::Bootstrap => format!("{place:05}_{title}.sql"),
                Range::Node => format!("{:05}_node_{title}.sql", 99 + place),
                Range::Python => format!("{:05}_python_{title}.sql", 199 + place),
                Range::Rust => format!("{:05}_rust_{title}.sql", 299 + place),
                Range::Shared => format!("{:05}_shared_{title}.sql", 399 + place),
            },
            Layout::Supabase => format!("{:014}_{title}.sql", self.time() + place),
            Layout::Flyway => format!("V{}__{title}.sql", place + 1),
            Layout::Sqlx => format!("{:04}_{title}.sql", place + 1),
        }
    }

    /// The timestamp as a number of fourteen digits.
    fn time(&self) -> u64 {
        let digits = self.timestamp.chars().filter_map(|sign| sign.to_digit(10));
        digits
            .chain(std::iter::repeat(0))
            .take(14)
            .fold(0, |time, digit| time * 10 + u64::from(digit))
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Names, Range};
    use crate::ddl::Section;

    #[test]
    fn tools_read_the_names_in_order() {
        let name =
            |layout, range, timestamp| Names { layout, range, timestamp }.of(Section::Functions);
        for (layout, expected) in [
            (Layout::Numbered, "00002_functions.sql"),
            (Layout::Supabase, "20231114000002_functions.sql"),
            (Layout::Flyway, "V3__functions.sql"),
            (Layout::Sqlx, "0003_functions.sql"),
        ] {
            assert_eq!(name(layout, Range::Bootstrap, "2023-11-14"), expected);
        }
        let shared = name(Layout::Numbered, Range::Shared, "");
        assert_eq!(shared, "00401_shared_functions.sql");
    }

    #[test]
    fn a_timestamp_is_what_digits_it_has() {
        let time = |timestamp| {
            let range = Range::Bootstrap;
            Names { layout: Layout::Supabase, range, timestamp }.of(Section::Tables)
        };
        assert_eq!(time("2023-11-14T10:20:30.123Z"), "20231114102031_tables.sql");
        assert_eq!(time(""), "00000000000001_tables.sql");
    }
}
