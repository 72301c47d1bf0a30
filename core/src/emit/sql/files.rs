//! Which statements stand in which file, and what the files are called.
//!
//! In: statements in order, and a layout. Out: files in the order in which they apply, by number, by
//! name and by the order of the list alike. Writes no SQL: `layout` puts statements on a page.

use std::collections::BTreeMap;

use super::super::output;
use super::Layout;
use crate::ddl::{Phase, Section, Statement};

/// How files are called, in a folder.
pub(super) struct Names<'a> {
    pub(super) layout: Layout,
    /// By the rank of the statements.
    pub(super) series: Vec<Series<'a>>,
    /// Its digits are the time of the first migration, as far as they go.
    pub(super) timestamp: &'a str,
}

/// The files of a service, or of what is there before all services.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'a> {
    /// The number of the first file.
    pub(super) first: u64,
    /// Whose they are; empty for what is there before all services.
    pub(super) owner: &'a str,
    /// Whether they begin with the tables, and what these need stands there too.
    pub(super) begins_with_tables: bool,
}

impl Series<'_> {
    /// What is there before all services.
    pub(super) const BOOTSTRAP: Self = Self { first: 0, owner: "", begins_with_tables: false };
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
    // Settings end with the file or the session, whichever ends first.
    let (settings, others): (Vec<&Statement>, Vec<&Statement>) =
        statements.iter().partition(|statement| statement.phase == Phase::Session);
    let mut files: BTreeMap<(usize, Section), Vec<&Statement>> = BTreeMap::new();
    for statement in others {
        let rank = statement.rank.min(names.series.len().saturating_sub(1));
        let file = (rank, names.part(rank, statement.section));
        files.entry(file).or_insert_with(|| settings.clone()).push(statement);
    }
    let folder = out.strip_suffix(".sql").unwrap_or(out);
    let path = |name: String| if folder.is_empty() { name } else { format!("{folder}/{name}") };
    files
        .into_iter()
        .map(|((rank, section), own)| (path(names.of(names.series(rank), section)), own))
        .collect()
}

impl<'a> Names<'a> {
    fn series(&self, rank: usize) -> Series<'a> {
        self.series.get(rank).copied().unwrap_or(Series::BOOTSTRAP)
    }

    /// The section whose file has a statement: types stand with tables.
    fn part(&self, rank: usize, section: Section) -> Section {
        match section {
            Section::Foundations if !self.series(rank).begins_with_tables => Section::Foundations,
            section => section.max(Section::Tables),
        }
    }

    /// The name of the file of `section` among those of `series`.
    fn of(&self, series: Series<'_>, section: Section) -> String {
        let (place, title) = match section {
            Section::Foundations => (0, "extensions"),
            Section::Types | Section::Tables => (1, "tables"),
            Section::Functions => (2, "functions"),
            Section::Triggers => (3, "triggers"),
            Section::Access => (4, "rls"),
            Section::Comments => (5, "comments"),
        };
        let number = series.first + place - u64::from(series.begins_with_tables);
        let title = match series.owner {
            "" => title.to_owned(),
            owner => format!("{owner}_{title}"),
        };
        match self.layout {
            Layout::Single => "schema.sql".to_owned(),
            Layout::Numbered => format!("{number:05}_{title}.sql"),
            Layout::Supabase => format!("{:014}_{title}.sql", self.time() + number),
            Layout::Flyway => format!("V{}__{title}.sql", number + 1),
            Layout::Sqlx => format!("{:04}_{title}.sql", number + 1),
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
    use super::{Layout, Names, Series};
    use crate::ddl::Section;

    fn name(layout: Layout, series: Series<'_>, timestamp: &str, section: Section) -> String {
        Names { layout, series: Vec::new(), timestamp }.of(series, section)
    }

    #[test]
    fn tools_read_the_names_in_order() {
        let service = Series { first: 400, owner: "shared", begins_with_tables: true };
        for (layout, first, later) in [
            (Layout::Numbered, "00002_functions.sql", "00401_shared_functions.sql"),
            (
                Layout::Supabase,
                "20231114000002_functions.sql",
                "20231114000401_shared_functions.sql",
            ),
            (Layout::Flyway, "V3__functions.sql", "V402__shared_functions.sql"),
            (Layout::Sqlx, "0003_functions.sql", "0402_shared_functions.sql"),
        ] {
            let name = |series| name(layout, series, "2023-11-14", Section::Functions);
            assert_eq!(name(Series::BOOTSTRAP), first);
            assert_eq!(name(service), later);
        }
    }

    #[test]
    fn a_timestamp_is_what_digits_it_has() {
        let time =
            |timestamp| name(Layout::Supabase, Series::BOOTSTRAP, timestamp, Section::Tables);
        assert_eq!(time("2023-11-14T10:20:30.123Z"), "20231114102031_tables.sql");
        assert_eq!(time(""), "00000000000001_tables.sql");
    }
}
