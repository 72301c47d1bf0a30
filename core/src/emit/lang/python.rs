//! Python's words, strings and comments, as `ruff format` leaves them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use heck::ToShoutySnakeCase;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};

use super::holds;
use super::layout::push_spaces;
use super::literal::{best_quoted, needs_escape};
use crate::emit::shapes::naming::{self, is_identifier, words};
use crate::sort;

/// Words that no name may be.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// What pydantic's and SQLAlchemy's bases have as attributes of their own, so that no column may.
const TAKEN: &[&str] = &[
    "construct",
    "copy",
    "dict",
    "from_orm",
    "json",
    "metadata",
    "mro",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "registry",
    "schema",
    "schema_json",
    "update_forward_refs",
    "validate",
];

/// What modules of ours import or use, so that no class and no attribute may have the name: within a
/// class, an attribute hides what stands outside of it.
pub const RESERVED: &[&str] = &[
    "AfterValidator",
    "AliasChoices",
    "Annotated",
    "Any",
    "AwareDatetime",
    "Base",
    "BaseModel",
    "BeforeValidator",
    "Callable",
    "ConfigDict",
    "Decimal",
    "DeclarativeBase",
    "Field",
    "HALFVEC",
    "JsonValue",
    "Literal",
    "Mapped",
    "NaiveDatetime",
    "PlainSerializer",
    "ROUND_HALF_UP",
    "Self",
    "StrEnum",
    "StrictBool",
    "TypeVar",
    "UUID",
    "VECTOR",
    "ValueError",
    "bool",
    "bytes",
    "date",
    "datetime",
    "dict",
    "dt",
    "enum",
    "float",
    "hasattr",
    "int",
    "isinstance",
    "len",
    "list",
    "localcontext",
    "map",
    "mapped_column",
    "model_validator",
    "pg",
    "re",
    "relationship",
    "sa",
    "str",
    "struct",
    "sum",
    "time",
    "timedelta",
    "type",
];

/// Of those, what no annotation of ours says: attributes may have these names.
const HARMLESS: &[&str] = &[
    "date",
    "datetime",
    "enum",
    "hasattr",
    "isinstance",
    "len",
    "localcontext",
    "map",
    "sum",
    "time",
    "timedelta",
    "type",
];

/// `text` as a string literal: in double quotes, unless single ones save escapes.
pub fn string(text: &str) -> SmolStr {
    best_quoted(text, push_escape)
}

/// Whether a text is ASCII, and the same within double quotes.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b'"'))
}

/// A pattern as a raw string where it can be one.
pub fn raw_string(text: &str) -> SmolStr {
    let fits = !text.contains('"') && !text.ends_with('\\') && !text.chars().any(needs_escape);
    if fits && text.contains('\\') { format!("r\"{text}\"").into() } else { string(text) }
}

/// A docstring of these paragraphs, each line behind `indent` spaces and the last one ended; empty
/// for none. Nothing in the text can end it.
pub fn docstring(paragraphs: &[String], indent: usize) -> String {
    let lines: Vec<Cow<'_, str>> =
        paragraphs.iter().flat_map(|text| text.lines()).map(doc_line).collect();
    let is_said = |line: &Cow<'_, str>| !line.is_empty();
    let said = lines.iter().position(is_said).zip(lines.iter().rposition(is_said));
    let lines = said.and_then(|(start, end)| lines.get(start..=end)).unwrap_or_default();
    let Some((first, rest)) = lines.split_first() else { return String::new() };
    let pad = " ".repeat(indent);
    // ruff keeps quotes apart from the text's own.
    let lead = if first.starts_with('"') { " " } else { "" };
    if rest.is_empty() {
        let tail = if ends_in_quote(first) { " " } else { "" };
        return [&pad, "\"\"\"", lead, first, tail, "\"\"\"\n"].concat();
    }
    let mut out = [&pad, "\"\"\"", lead, first, "\n"].concat();
    for line in rest {
        out.extend([if line.is_empty() { "" } else { &pad }, line, "\n"]);
    }
    out.extend([&pad, "\"\"\"\n"]);
    out
}

/// Whether the last character is a quote that nothing escapes.
fn ends_in_quote(line: &str) -> bool {
    line.strip_suffix('"').is_some_and(|rest| {
        let backslashes = rest.len() - rest.trim_end_matches('\\').len();
        backslashes.is_multiple_of(2)
    })
}

/// One line of user text within a docstring.
fn doc_line(line: &str) -> Cow<'_, str> {
    // Most lines are words.
    if is_plain(line) {
        return line.trim().into();
    }
    let mut out = String::with_capacity(line.len());
    for c in line.trim().chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push(' '),
            _ if needs_escape(c) => push_escape(&mut out, c),
            _ => out.push(c),
        }
    }
    out.replace("\"\"\"", "\\\"\\\"\\\"").into()
}

/// `# text`, for each line of it, behind `indent` spaces and the last one ended.
pub fn comment(text: &str, indent: usize) -> String {
    let mut out = String::new();
    for line in text.lines().map(doc_line).filter(|line| !line.is_empty()) {
        push_spaces(&mut out, indent);
        out.extend(["# ", &line, "\n"]);
    }
    out
}

/// The import statements of these modules, and names in them, as ruff sorts them; no name stands for the
/// module itself.
pub fn imports(imports: &BTreeSet<(&str, &str)>) -> String {
    let mut modules = String::new();
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (module, name) in imports {
        if name.is_empty() {
            let _ = writeln!(modules, "import {module}");
        } else {
            names.entry(module).or_default().push(name);
        }
    }
    let is_installed = |module: &str| {
        ["pgvector", "pydantic", "sqlalchemy"]
            .contains(&module.split(['.', ' ']).next().unwrap_or(module))
    };
    let mut groups = [String::new(), String::new()];
    let [standard, installed] = &mut groups;
    for line in modules.lines() {
        let module = line.trim_start_matches("import ");
        let out = if is_installed(module) { &mut *installed } else { &mut *standard };
        let _ = writeln!(out, "{line}");
    }
    for (module, mut names) in names {
        let out = if is_installed(module) { &mut *installed } else { &mut *standard };
        // Constants, classes, functions.
        sort::by_key(&mut names, |name| {
            let constant = name.len() > 1 && *name == name.to_uppercase();
            (!constant, !name.starts_with(char::is_uppercase), *name)
        });
        let line = format!("from {module} import {}", names.join(", "));
        let _ = if line.len() <= 88 {
            writeln!(out, "{line}")
        } else {
            writeln!(out, "from {module} import (\n    {},\n)", names.join(",\n    "))
        };
    }
    let groups: Vec<&str> =
        groups.iter().map(|text| text.trim_end()).filter(|text| !text.is_empty()).collect();
    groups.join("\n\n")
}

/// The import of a module under the name `local`; none where `module` is not what an import names: names
/// between dots, behind dots where it is relative.
pub fn import_as(module: &str, local: &str) -> Option<String> {
    let path = module.trim_start_matches('.');
    let is_name = |name: &str| is_identifier(name) && !holds(KEYWORDS, name);
    if !path.split('.').all(is_name) {
        return None;
    }
    let dots = module.get(..module.len() - path.len())?;
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let renamed = if name == local { String::new() } else { format!(" as {local}") };
    Some(match (dots, parent) {
        ("", "") => format!("import {name}{renamed}"),
        _ => format!("from {dots}{parent} import {name}{renamed}"),
    })
}

/// The name of a function, none of `taken`.
pub fn function(name: &str, taken: &[&str]) -> String {
    let name = naming::snake(&words(name));
    let is_taken = holds(KEYWORDS, &name) || taken.contains(&&*name);
    if is_taken { format!("{name}_") } else { name }
}

/// Gives attributes of a module's classes their names.
#[derive(Debug)]
pub(crate) struct Attributes {
    /// The classes of the module.
    classes: FxHashSet<String>,
    /// Names that were given: most tables have an `id`.
    given: RefCell<FxHashMap<SmolStr, SmolStr>>,
}

impl Attributes {
    /// Those of a module with classes of these names.
    pub(crate) fn new(classes: impl Iterator<Item = String>) -> Self {
        Self { classes: classes.collect(), given: RefCell::default() }
    }

    /// The name of an attribute for a column or relation: in snake case unless it is a name as it stands,
    /// and never one that Python, pydantic or SQLAlchemy need, nor that of a class.
    pub(crate) fn of(&self, name: &str) -> SmolStr {
        let mut given = self.given.borrow_mut();
        if let Some(known) = given.get(name) {
            return known.clone();
        }
        let attribute = attribute(name, &self.classes);
        given.insert(name.into(), attribute.clone());
        attribute
    }
}

fn attribute(name: &str, classes: &FxHashSet<String>) -> SmolStr {
    let plain: SmolStr =
        if is_identifier(name) { name.into() } else { naming::snake(&words(name)).into() };
    let plain = match plain.trim_matches('_') {
        "" => naming::camel(name).into(),
        stem if plain.starts_with('_') => format_smolstr!("{stem}_"),
        _ => plain,
    };
    let mut free = if is_identifier(&plain) { plain } else { format_smolstr!("x{plain}") };
    if is_trap(&free) {
        free = format_smolstr!("{free}_");
    }
    while classes.contains(free.as_str()) {
        free = format_smolstr!("{free}_");
    }
    free
}

fn is_trap(name: &str) -> bool {
    let shadows = holds(RESERVED, name) && !holds(HARMLESS, name);
    holds(KEYWORDS, name)
        || holds(TAKEN, name)
        || shadows
        || ["model_validate", "model_dump"].iter().any(|taken| name.starts_with(taken))
        || matches!(
            name,
            "model_config"
                | "model_computed_fields"
                | "model_construct"
                | "model_copy"
                | "model_extra"
                | "model_fields"
                | "model_fields_set"
                | "model_json_schema"
                | "model_parametrized_name"
                | "model_post_init"
                | "model_rebuild"
        )
}

/// The name of a class: itself, unless Python or the module needs it.
pub fn class(name: &str) -> String {
    let taken = holds(KEYWORDS, name) || holds(RESERVED, name) || name.starts_with('_');
    if taken { format!("{}_", name.trim_start_matches('_')) } else { name.to_owned() }
}

/// The names of an enum's members: the labels in upper case, each once.
pub fn members(labels: &[impl AsRef<str>]) -> Vec<String> {
    naming::distinct(labels.iter().map(|label| member(label.as_ref())), "_")
}

fn member(label: &str) -> String {
    let upper = words(label).to_shouty_snake_case();
    match upper.as_str() {
        "" if label.is_empty() => "EMPTY".to_owned(),
        "" => label.chars().fold("X".to_owned(), |text, c| format!("{text}_{:x}", u32::from(c))),
        name if is_identifier(name) && !holds(KEYWORDS, name) => upper,
        _ => format!("X{upper}"),
    }
}

fn push_escape(out: &mut String, c: char) {
    let code = u32::from(c);
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

#[cfg(test)]
mod tests {
    use rustc_hash::FxHashSet;

    use super::{attribute, class, docstring, function, import_as, members, raw_string, string};

    #[test]
    fn words_are_sorted() {
        assert!(super::HARMLESS.is_sorted());
        assert!(super::KEYWORDS.is_sorted());
        assert!(super::RESERVED.is_sorted());
        assert!(super::TAKEN.is_sorted());
    }

    #[test]
    fn strings_stay_in_their_quotes() {
        assert_eq!(string("a"), r#""a""#);
        assert_eq!(string(r#"say "hi""#), r#"'say "hi"'"#);
        assert_eq!(string(r#"'"'"#), r#""'\"'""#);
        assert_eq!(string("a\\\n\u{2028}\u{fdd0}\0"), r#""a\\\n\u2028\ufdd0\x00""#);
        assert_eq!(raw_string(r"^\.$"), r#"r"^\.$""#);
        assert_eq!(raw_string("a\\"), r#""a\\""#);
    }

    #[test]
    fn docstrings_stay_docstrings() {
        let doc = |text: &str| docstring(&[text.to_owned()], 4);
        assert_eq!(doc(""), "");
        assert_eq!(doc(r#"x """ y \"#), "    \"\"\"x \\\"\\\"\\\" y \\\\\"\"\"\n");
        assert_eq!(doc(r#"x """"#), "    \"\"\"x \\\"\\\"\\\"\"\"\"\n");
        assert_eq!(doc(r#"x \""#), "    \"\"\"x \\\\\" \"\"\"\n");
        assert_eq!(doc("a\n\n  b\n"), "    \"\"\"a\n\n    b\n    \"\"\"\n");
        assert_eq!(doc("\"a\""), "    \"\"\" \"a\" \"\"\"\n");
    }

    #[test]
    fn names_avoid_traps() {
        let classes = FxHashSet::from_iter(["User".to_owned()]);
        for (name, expected) in [
            ("user_id", "user_id"),
            ("userId", "userId"),
            ("class", "class_"),
            ("metadata", "metadata_"),
            ("model_dump", "model_dump_"),
            ("model_name", "model_name"),
            ("_id", "id_"),
            ("__class__", "class_"),
            ("Mixed Case", "mixed_case"),
            ("1st", "x1st"),
            ("!?", "x213f"),
            ("dt", "dt_"),
            ("list", "list_"),
            ("date", "date"),
            ("User", "User_"),
            ("größe", "größe"),
        ] {
            assert_eq!(attribute(name, &classes), expected, "{name}");
        }
        let classes = FxHashSet::from_iter(["Literal_".to_owned()]);
        assert_eq!(attribute("Literal", &classes), "Literal__");
        assert_eq!(class("None"), "None_");
        assert_eq!(class("Field"), "Field_");
    }

    #[test]
    fn only_modules_are_imported() {
        for (module, expected) in [
            (".models", Some("from . import models")),
            ("models", Some("import models")),
            ("..db.entities", Some("from ..db import entities as models")),
            ("entities", Some("import entities as models")),
            ("", None),
            (".", None),
            ("a..b", None),
            ("a.class", None),
            ("os; evil()", None),
        ] {
            assert_eq!(import_as(module, "models").as_deref(), expected, "{module}");
        }
        assert_eq!(function("Import", &[]), "import_");
        assert_eq!(function("CreateOrder2", &["text"]), "create_order2");
        assert_eq!(function("Text", &["text"]), "text_");
    }

    #[test]
    fn members_are_names_of_their_own() {
        let labels = ["in progress", "In-Progress", "1st", "", "$$", "é", "none"];
        let expected = ["IN_PROGRESS", "IN_PROGRESS_2", "X1ST", "EMPTY", "X_24_24", "É", "NONE"];
        assert_eq!(members(&labels), expected);
    }
}
