//! A project as text: what a link, the browser's store or an example holds.
//!
//! In: JSON that nobody vouches for. Out: a [`Project`] within its limits, or why not. Never fetches,
//! runs or interprets anything: files are texts with names, options are passed to the compiler, which
//! judges them itself.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The only form there is. A link of a later one says so instead of being misread.
const VERSION: u8 = 1;
/// More files than anybody has; fewer than would fill the page with tabs.
const MOST_FILES: usize = 200;
/// As long as a path may be.
const LONGEST_NAME: usize = 200;
/// The endings that the compiler reads.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Options of one target, by name.
pub type Options = Map<String, Value>;

/// One source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path in the project.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// All that makes up what is on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Project {
    version: u8,
    /// The sources, in the order of their tabs; never none.
    pub files: Vec<File>,
    /// The name of the one in the editor.
    pub active: String,
    /// The target that is shown.
    pub target: String,
    /// The options of each target that has other than its defaults.
    #[serde(default)]
    pub options: BTreeMap<String, Options>,
    /// The major version of PostgreSQL.
    #[serde(default)]
    pub target_version: Option<u16>,
}

/// Why a text is no project, for people.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Project {
    /// A project of these files, the first of which is in the editor; all else as in the beginning.
    pub fn new(files: Vec<File>) -> Self {
        let active = files.first().map(|file| file.name.clone()).unwrap_or_default();
        Self {
            version: VERSION,
            files,
            active,
            target: "sql".to_owned(),
            options: BTreeMap::new(),
            target_version: None,
        }
    }

    /// The project that `text` holds.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let project: Self = serde_json::from_str(text)
            .map_err(|error| Refusal(format!("it does not hold a project: {error}")))?;
        if project.version != VERSION {
            return Err(Refusal("it was made by another version of this page".to_owned()));
        }
        if project.files.is_empty() || project.files.len() > MOST_FILES {
            return Err(Refusal(format!("it holds {} files", project.files.len())));
        }
        for (index, file) in project.files.iter().enumerate() {
            let others = project.files.iter().take(index);
            check_name(&file.name, others.map(|other| other.name.as_str()))?;
        }
        if !project.files.iter().any(|file| file.name == project.active) {
            return Err(Refusal("it shows a file that it does not hold".to_owned()));
        }
        Ok(project)
    }

    /// The text from which it can be read again.
    pub fn write(&self) -> String {
        // A map with texts as keys is always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Whether a file may be called `name` beside the `others`: a relative path that the compiler reads.
pub fn check_name<'a>(
    name: &str,
    mut others: impl Iterator<Item = &'a str>,
) -> Result<(), Refusal> {
    let is_part = |part: &str| {
        let plain = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | ' ');
        !part.is_empty() && !part.starts_with('.') && part.chars().all(plain)
    };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    if name.len() > LONGEST_NAME {
        return Err(Refusal(format!("a name has more than {LONGEST_NAME} letters")));
    }
    if !name.split('/').all(is_part) {
        return Err(Refusal(format!("`{name}` is no name for a file")));
    }
    if !ENDINGS.contains(&ending) {
        return Err(Refusal(format!("`{name}` must end in .yaml, .yml or .json")));
    }
    if others.any(|other| other == name) {
        return Err(Refusal(format!("there are two files named `{name}`")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> Project {
        let file = |name: &str| File { name: name.to_owned(), text: "tables: {}\n".to_owned() };
        Project::new(vec![file("schema/app.yaml"), file("more.json")])
    }

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(Project::read(&project().write()), Ok(project()));
    }

    #[test]
    fn what_is_no_project_is_refused() {
        let text = project().write();
        for (from, to, reason) in [
            ("\"version\":1", "\"version\":2", "another version"),
            ("\"files\":", "\"filez\":", "does not hold a project"),
            ("schema/app.yaml", "../app.yaml", "no name for a file"),
            ("schema/app.yaml", "/app.yaml", "no name for a file"),
            ("schema/app.yaml", "app.html", "must end in"),
            ("schema/app.yaml", "a<b>.yaml", "no name for a file"),
            ("schema/app.yaml", "more.json", "two files"),
            ("\"active\":\"schema/app.yaml\"", "\"active\":\"x.yaml\"", "does not hold"),
        ] {
            assert!(text.contains(from), "{from}");
            let refusal = Project::read(&text.replace(from, to)).expect_err(to);
            assert!(refusal.0.contains(reason), "{to}: {refusal}");
        }
        for text in
            ["", "null", "[]", "{}", "{\"version\":1,\"files\":[],\"active\":\"\",\"target\":\"\"}"]
        {
            assert!(Project::read(text).is_err(), "{text}");
        }
    }
}
