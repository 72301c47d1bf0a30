//! Rust's words, strings, comments and attributes, as rustfmt leaves them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use heck::ToSnakeCase;
use smol_str::{SmolStr, format_smolstr};

use super::layout::{new_line, push_spaces, width};
use super::literal::{push_quoted, quoted, visible};
use super::{holds, is_spaced};
use crate::emit::shapes::naming::{self, is_identifier, words};

/// rustfmt's `max_width`.
const WIDTH: usize = 100;

/// rustfmt's `attr_fn_like_width`, for several items that are no derives.
const ATTRIBUTE_WIDTH: usize = 70;

/// rustfmt's `fn_call_width`.
const CALL_WIDTH: usize = 60;

/// Words of the language, those of later editions and those that are kept for it among them.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that `r#` makes no names of.
const NEVER_RAW: &[&str] = &["crate", "self", "Self", "super"];

/// What our modules and the macros in them say without a path, so that no type may have the name.
const RESERVED: &[&str] = &[
    "BigDecimal",
    "Date",
    "DateTime",
    "Decimal",
    "Default",
    "Deserialize",
    "Deserializer",
    "Err",
    "FixedOffset",
    "HalfVector",
    "IpNetwork",
    "MacAddress",
    "NaiveDate",
    "NaiveDateTime",
    "NaiveTime",
    "None",
    "OffsetDateTime",
    "Ok",
    "Option",
    "PrimitiveDateTime",
    "Result",
    "Self",
    "Serialize",
    "Some",
    "SparseVector",
    "String",
    "Time",
    "Utc",
    "UtcOffset",
    "Uuid",
    "Value",
    "Vec",
    "Vector",
];

/// The types that sqlx brings itself, in `sqlx::postgres::types`, so that no others may have the names.
pub const POSTGRES_TYPES: &[&str] = &[
    "Oid",
    "PgBox",
    "PgCircle",
    "PgCube",
    "PgHstore",
    "PgInterval",
    "PgLQuery",
    "PgLSeg",
    "PgLTree",
    "PgLine",
    "PgMoney",
    "PgPath",
    "PgPoint",
    "PgPolygon",
    "PgRange",
    "PgTimeTz",
];

/// `text` as a string literal.
pub fn string(text: &str) -> SmolStr {
    quoted(text, '"', push_escape)
}

/// Appends what [`string`] gives.
pub fn push_string(out: &mut String, text: &str) {
    push_quoted(out, text, '"', push_escape);
}

fn push_escape(out: &mut String, c: char) {
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

/// A documentation comment of these paragraphs, each line behind `indent` spaces and the last one ended;
/// empty for none. Nothing in the text can begin a block of code, which `cargo test` would run.
pub fn doc<'t>(paragraphs: impl Iterator<Item = &'t str>, indent: usize) -> String {
    let mut out = String::new();
    let mut empty = 0;
    for line in paragraphs.flat_map(str::lines).map(doc_line) {
        // Empty lines stand between others only.
        if line.is_empty() {
            empty += usize::from(!out.is_empty());
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            push_spaces(&mut out, indent);
            out.push_str("///\n");
        }
        push_spaces(&mut out, indent);
        out.extend(["/// ", &line, "\n"]);
    }
    out
}

/// `// text`, its line ended.
pub fn comment(text: &str) -> String {
    format!("// {}\n", doc_line(text))
}

/// One line of user text within a comment: without the indents and fences that make code of it.
fn doc_line(line: &str) -> Cow<'_, str> {
    if is_spaced(line) && !line.contains(['`', '~']) {
        return line.into();
    }
    let line = line.replace('\t', " ");
    let visible = visible(&line);
    let mut out = String::with_capacity(visible.len());
    for word in visible.split_whitespace() {
        out.push_str(if out.is_empty() { "" } else { " " });
        out.push_str(word);
    }
    if out.contains(['`', '~']) {
        out = out.replace("```", "`\u{200b}`\u{200b}`").replace("~~~", "~\u{200b}~\u{200b}~");
    }
    out.into()
}

/// `#[name(args)]` behind `indent` spaces, its line ended.
pub fn attribute(name: &str, args: &[&str], indent: usize) -> String {
    let flat = args.join(", ");
    let mut line = String::with_capacity(indent + name.len() + flat.len() + 6);
    push_spaces(&mut line, indent);
    line.extend(["#[", name, "(", &flat, ")]\n"]);
    // rustfmt reads the items of a derive as a list.
    let is_list = name == "derive";
    let fits = is_list || args.len() == 1 || width(&flat) <= ATTRIBUTE_WIDTH;
    if fits && width(line.trim_end()) <= WIDTH {
        return line;
    }
    let last = if is_list { "," } else { "" };
    let pad = " ".repeat(indent + 4);
    let args = args.join(&format!(",\n{pad}"));
    format!("{:indent$}#[{name}(\n{pad}{args}{last}\n{:indent$})]\n", "", "")
}

/// Writes `pub name: ty,` behind `indent` spaces, its line ended; the type within so many `Option<…>`.
pub fn write_member(out: &mut String, name: &str, ty: &str, options: usize, indent: usize) {
    push_spaces(out, indent);
    out.extend(["pub ", name, ":"]);
    let flat = width(name) + width(ty) + options * "Option<>".len();
    if indent + "pub : ,".len() + flat <= WIDTH {
        out.push(' ');
    } else {
        new_line(out, indent + 4);
    }
    out.extend(std::iter::repeat_n("Option<", options));
    out.push_str(ty);
    out.extend(std::iter::repeat_n(">", options));
    out.push_str(",\n");
}

/// The `use` declarations of these names in modules, as rustfmt sorts them.
pub fn uses(imports: &BTreeSet<(&str, &str)>) -> String {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (module, name) in imports {
        modules.entry(module).or_default().push(name);
    }
    let mut out = String::new();
    for (module, names) in modules {
        let [first, .., last] = names.as_slice() else {
            let _ = writeln!(out, "use {module}::{};", names.concat());
            continue;
        };
        let flat = format!("use {module}::{{{}}};", names.join(", "));
        if flat.len() <= WIDTH {
            let _ = writeln!(out, "{flat}");
            continue;
        }
        let _ = write!(out, "use {module}::{{\n    {first}");
        let mut column = 4 + first.len();
        for name in names.iter().skip(1) {
            // The comma behind it, and the one before.
            let end = if name == last { 1 } else { 2 };
            if column + 2 + name.len() + end - 1 > WIDTH {
                let _ = write!(out, ",\n    {name}");
                column = 4 + name.len();
            } else {
                let _ = write!(out, ", {name}");
                column += 2 + name.len();
            }
        }
        out.push_str(",\n};\n");
    }
    out
}

/// The import of a module under the name `local`; none where `module` is not what an import names: names
/// between `::`.
pub fn use_as(module: &str, local: &str) -> Option<String> {
    let (parent, name) = module.rsplit_once("::")?;
    let is_plain = |name: &str| is_identifier(name) && name != "_" && !KEYWORDS.contains(&name);
    let mut parents = parent.split("::").enumerate();
    let is_path = |(place, name): (usize, &str)| {
        is_plain(name) || name == "super" || (place == 0 && ["crate", "self"].contains(&name))
    };
    let renamed = if name == local { String::new() } else { format!(" as {local}") };
    (is_plain(name) && parents.all(is_path)).then(|| format!("use {module}{renamed};"))
}

/// `name(args);` behind `indent` spaces, its line ended: an argument a line where they do not fit on one; as
/// it is where an argument fits on none, of which rustfmt changes nothing.
pub fn call(name: &str, args: &[&str], indent: usize) -> String {
    let list = args.join(", ");
    let flat = format!("{:indent$}{name}({list});\n", "");
    let inner = indent + 4;
    let is_short = args.len() == 1 || width(&list) <= CALL_WIDTH;
    let is_wide = args.iter().any(|arg| inner + width(arg) >= WIDTH);
    if is_wide || (is_short && width(flat.trim_end()) <= WIDTH) {
        return flat;
    }
    let mut out = format!("{:indent$}{name}(\n", "");
    for arg in args {
        let _ = writeln!(out, "{:inner$}{arg},", "");
    }
    let _ = writeln!(out, "{:indent$});", "");
    out
}

/// `head = name(arg);` behind `indent` spaces, its line ended.
pub fn binding(head: &str, name: &str, arg: &str, indent: usize) -> String {
    let flat = format!("{name}({arg});");
    let inner = indent + 4;
    if indent + width(head) + 3 + width(&flat) > WIDTH && inner + width(&flat) <= WIDTH {
        return format!("{:indent$}{head} =\n{:inner$}{flat}\n", "", "");
    }
    call(&format!("{head} = {name}"), &[arg], indent)
}

/// `head(params) -> result {`, its line ended.
pub fn signature(head: &str, params: &[String], result: &str) -> String {
    let flat = format!("{head}({}) -> {result} {{\n", params.join(", "));
    if width(flat.trim_end()) <= WIDTH {
        return flat;
    }
    format!("{head}(\n    {},\n) -> {result} {{\n", params.join(",\n    "))
}

/// The name of a field or function for a name in SQL, in snake case, without `r#`. What sqlx and serde
/// make of the name is that of SQL only where both are equal, and ASCII.
pub fn field(name: &str) -> String {
    let is_gap = |bytes: &[u8]| bytes == b"__";
    let plain = is_identifier(name)
        && !name.contains(char::is_uppercase)
        && !name.as_bytes().windows(2).any(is_gap);
    let snake = if plain {
        name.to_owned()
    } else {
        let inner = naming::snake(&words(name));
        let under = |text: &str| name.len() - text.len();
        let lead = if is_identifier(name) { under(name.trim_start_matches('_')) } else { 0 };
        format!("{}{inner}", "_".repeat(lead.min(1)))
    };
    let snake = match snake.trim_matches('_') {
        "" => naming::camel(name),
        _ if is_identifier(&snake) => snake,
        _ => format!("x{snake}"),
    };
    if NEVER_RAW.contains(&snake.as_str()) { format!("{snake}_") } else { snake }
}

/// A name as code says it: behind `r#` if it is a keyword.
pub fn ident(name: &str) -> SmolStr {
    if holds(KEYWORDS, name) { format_smolstr!("r#{name}") } else { name.into() }
}

/// The name of a type: itself, unless Rust or the module needs it.
pub fn class(name: &str) -> String {
    if [KEYWORDS, RESERVED, POSTGRES_TYPES].iter().any(|names| names.contains(&name)) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// Whether both sqlx and serde make `label` of a variant where they rename all to snake case.
pub fn is_in_snake_case(label: &str, variant: &str) -> bool {
    let by_serde = variant.char_indices().fold(String::new(), |mut text, (at, c)| {
        text.push_str(if at > 0 && c.is_uppercase() { "_" } else { "" });
        text.push(c.to_ascii_lowercase());
        text
    });
    label.is_ascii() && by_serde == label && variant.to_snake_case() == label
}

/// The names of an enum's variants: the labels in Pascal case, each once.
pub fn variants(labels: &[impl AsRef<str>]) -> Vec<String> {
    let names = labels.iter().map(|label| naming::pascal(label.as_ref()));
    let safe = |name: String| if name == "Self" { "Self_".to_owned() } else { name };
    naming::distinct(names, "").into_iter().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::{attribute, call, doc, field, ident, string, use_as, variants};

    #[test]
    fn words_are_sorted() {
        assert!(super::KEYWORDS.is_sorted());
        assert!(super::RESERVED.is_sorted());
    }

    #[test]
    fn strings_stay_in_their_quotes() {
        assert_eq!(string(r#"a"\{}"#), r#""a\"\\{}""#);
        assert_eq!(string("\n\u{2028}\u{fdd0}\0"), r#""\n\u{2028}\u{fdd0}\u{0}""#);
    }

    #[test]
    fn comments_hold_no_code() {
        let doc = |paragraphs: &[&str], indent| doc(paragraphs.iter().copied(), indent);
        assert_eq!(doc(&[], 0), "");
        assert_eq!(doc(&["\n a\r\n\n\tb */", ""], 4), "    /// a\n    ///\n    /// b */\n");
        let fenced = doc(&["```\npanic!()\n~~~~", "-      x()"], 0);
        assert!(!fenced.contains("```") && !fenced.contains("~~~") && !fenced.contains("  "));
    }

    #[test]
    fn names_avoid_traps() {
        for (name, expected) in [
            ("user_id", "user_id"),
            ("userId", "user_id"),
            ("type", "r#type"),
            ("self", "self_"),
            ("Self", "self_"),
            ("_", "x5f"),
            ("_id", "_id"),
            ("__proto__", "_proto"),
            ("id_", "id_"),
            ("Mixed Case", "mixed_case"),
            ("1st", "x1st"),
            ("!?", "x213f"),
            ("größe", "größe"),
        ] {
            assert_eq!(ident(&field(name)), expected, "{name}");
        }
    }

    #[test]
    fn only_modules_are_imported() {
        for (module, expected) in [
            ("super::models", Some("use super::models;")),
            ("app::entities", Some("use app::entities as models;")),
            ("super::super::models", Some("use super::super::models;")),
            ("models", None),
            ("app::self::models", None),
            ("a::type", None),
            ("a::models;evil", None),
            ("a::", None),
        ] {
            assert_eq!(use_as(module, "models").as_deref(), expected, "{module}");
        }
    }

    #[test]
    fn calls_break_where_rustfmt_breaks_them() {
        let call = |args: &[&str]| call("f", args, 4);
        let (a, b) = ("a".repeat(29), "b".repeat(29));
        assert_eq!(call(&[&a, &b]), format!("    f({a}, {b});\n"));
        assert_eq!(
            call(&[&a, &b, "c"]),
            format!("    f(\n        {a},\n        {b},\n        c,\n    );\n")
        );
        let (fits, does_not) = ("d".repeat(92), "e".repeat(93));
        assert_eq!(call(&[&fits]), format!("    f({fits});\n"));
        assert_eq!(call(&[&does_not]), format!("    f({does_not});\n"));
    }

    #[test]
    fn variants_are_names_of_their_own() {
        let labels = ["in progress", "In-Progress", "1st", "", "$$", "self", "é"];
        let expected = ["InProgress", "InProgress2", "X1st", "X", "X2424", "Self_", "É"];
        assert_eq!(variants(&labels), expected);
    }

    #[test]
    fn long_attributes_stand_on_lines_of_their_own() {
        let long = format!("rename = \"{}\"", "a".repeat(80));
        assert_eq!(
            attribute("sqlx", &[&long], 4),
            format!("    #[sqlx(\n        {long}\n    )]\n")
        );
    }
}
