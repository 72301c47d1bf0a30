//! What crosses the boundary: plain data, mirrored for JavaScript. The TypeScript declarations of the
//! npm package are generated from these types and their comments. Lines and columns count from 0,
//! columns in UTF-16 code units.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// One source: a schema file, or a part of one.
#[derive(Debug, Deserialize, Tsify)]
pub struct SourceFile {
    /// What diagnostics call it: usually its path.
    pub name: String,
    /// Its content. Bytes that are not UTF-8 are reported as `invalid-utf8`.
    #[tsify(type = "string | Uint8Array")]
    pub text: Text,
}

/// The content of a source. A string is made bytes in JavaScript, whose engine is quicker at it.
#[derive(Debug)]
pub struct Text(pub Vec<u8>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Text;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a Uint8Array")
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Text, E> {
                Ok(Text(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Visitor)
    }
}

/// What `check` and `statements` may be told.
#[derive(Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckOptions {
    /// The major version of PostgreSQL that must take the SQL. Default 15.
    #[tsify(optional)]
    pub target_version: Option<u16>,
    /// The PostgreSQL schemas that the API exposes. Default `["public"]`.
    #[tsify(optional)]
    pub exposed_schemas: Option<Vec<String>>,
    /// Other severities for codes.
    #[tsify(optional, type = "Record<string, Level>")]
    pub severities: Option<BTreeMap<String, Level>>,
}

/// What `compile` may be told.
#[derive(Debug, Deserialize, Tsify)]
pub struct CompileOptions {
    /// What to write.
    pub targets: Vec<TargetRequest>,
    /// Whether to say which lines of the files say which object. Default: yes.
    #[tsify(optional)]
    #[serde(default)]
    pub provenance: Option<bool>,
    /// What `check` may be told too.
    #[serde(flatten)]
    pub check: CheckOptions,
}

/// A severity that a user may give to a code.
#[derive(Debug, Clone, Copy, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth knowing.
    Note,
    /// Probably a mistake.
    Warning,
    /// Nothing is emitted.
    Error,
}

/// A target that is wanted.
#[derive(Debug, Deserialize, Tsify)]
pub struct TargetRequest {
    /// Its name: `sql`, `zod`, …
    pub target: String,
    /// A file or folder, `/`-separated, relative to the project. Default: the target's own.
    #[tsify(optional)]
    #[serde(default)]
    pub out: String,
    /// The target's options.
    #[tsify(optional, type = "Record<string, unknown>")]
    #[serde(default)]
    pub options: Map<String, Value>,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
pub struct Position {
    /// From 0.
    pub line: u32,
    /// From 0, in UTF-16 code units.
    pub column: u32,
}

/// From `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
pub struct Range {
    /// The first position.
    pub start: Position,
    /// One past the last position.
    pub end: Position,
}

/// A place that explains a diagnostic.
#[derive(Debug, Serialize, Deserialize, Tsify)]
pub struct Label {
    /// The name of the source.
    pub file: String,
    /// Where in it.
    pub range: Range,
    /// What this place is.
    pub text: String,
}

/// Replaces the text at `range`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
pub struct Edit {
    /// The name of the source.
    pub file: String,
    /// Where in it; empty to insert.
    pub range: Range,
    /// The new text.
    pub text: String,
}

/// A repair that a machine can make.
#[derive(Debug, Serialize, Deserialize, Tsify)]
pub struct Fix {
    /// What it does, as a command.
    pub title: String,
    /// Whether it keeps what was clearly meant.
    pub safe: bool,
    /// Edits that do not overlap.
    pub edits: Vec<Edit>,
}

/// How bad it is. Errors prevent output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is emitted.
    Error,
    /// Output is emitted, and is probably not what was meant.
    Warning,
    /// Something worth knowing.
    Note,
}

/// One finding.
#[derive(Debug, Serialize, Deserialize, Tsify)]
pub struct Diagnostic {
    /// Which check, stable, in kebab case; `explain` says more.
    pub code: String,
    /// How bad.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The name of the source; absent where it concerns no source.
    #[tsify(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in the source.
    #[tsify(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// What this place is.
    #[tsify(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Other places that explain it.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// What to do.
    #[tsify(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Background.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Repairs, the most likely first.
    #[serde(default)]
    pub fixes: Vec<Fix>,
}

#[wasm_bindgen(typescript_custom_section)]
const PROVENANCE: &str = r"
/**
 * Lines of an output file that come from one object of the schema.
 */
export interface Provenance {
    /**
     * The first line, from 0.
     */
    firstLine: number;
    /**
     * The last line, included.
     */
    lastLine: number;
    /**
     * The object, in words: `table public.users`.
     */
    object: string;
    /**
     * The source that defines it.
     */
    file?: string;
    /**
     * Where in it.
     */
    range?: Range;
}
";

/// The [`PROVENANCE`] of a file as it crosses the boundary: there are as many entries as lines, and
/// few callers look at any. The loader makes objects of it when they are asked for.
#[derive(Debug, Serialize)]
pub struct PackedProvenance {
    /// [`PackedObjects`], the same of all files.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub objects: JsValue,
    /// Three numbers an entry: the first and last line, and the object's position.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub entries: js_sys::Uint32Array,
}

/// The objects that files say.
#[derive(Debug, Serialize)]
pub struct PackedObjects {
    /// In words; between them a NUL, which no name can hold.
    pub words: String,
    /// The names of the sources.
    pub sources: Vec<String>,
    /// Five numbers an object: the source's position, and the start and end of the place in it, each
    /// as line and column. `u32::MAX` is no source.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub places: js_sys::Uint32Array,
}

// The text crosses the boundary as UTF-8, as it is mostly written; the loader makes a string of it when
// it is asked for.
/// A file to write.
#[derive(Debug, Serialize, Tsify)]
pub struct OutputFile {
    /// Where: relative to the project, `/`-separated.
    pub path: String,
    /// Its text.
    #[tsify(type = "string")]
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub text: js_sys::Uint8Array,
    /// The target that made it.
    pub target: String,
    /// Which lines say which object, in order of lines.
    #[tsify(type = "Provenance[]")]
    pub provenance: PackedProvenance,
}

/// What `compile` gives.
#[derive(Debug, Serialize, Tsify)]
pub struct CompileResult {
    /// Whether there are no errors. Without it there are no files.
    pub ok: bool,
    /// What to write.
    pub files: Vec<OutputFile>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// What `check` gives.
#[derive(Debug, Serialize, Tsify)]
pub struct CheckResult {
    /// Whether there are no errors.
    pub ok: bool,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// A part of a statement that a user wrote.
#[derive(Debug, Serialize, Tsify)]
pub struct Fragment {
    /// Its start in the statement, in UTF-16 code units.
    pub start: u32,
    /// One past its end.
    pub end: u32,
    /// The source that it comes from.
    pub file: String,
    /// Where in it.
    pub range: Range,
}

/// One SQL statement.
#[derive(Debug, Serialize, Tsify)]
pub struct Statement {
    /// Its text, without a semicolon.
    pub sql: String,
    /// The object that it makes or changes, in words: `table public.users`.
    pub object: String,
    /// The source that defines the object.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in it.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// The parts that come from the sources as they stand there.
    pub fragments: Vec<Fragment>,
}

/// What `statements` gives.
#[derive(Debug, Serialize, Tsify)]
pub struct StatementsResult {
    /// Whether there are no errors.
    pub ok: bool,
    /// The whole schema, in an order that applies in one transaction.
    pub statements: Vec<Statement>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// A place in the sources.
#[derive(Debug, Serialize, Tsify)]
pub struct Location {
    /// The name of the source.
    pub file: String,
    /// Where in it.
    pub range: Range,
}

/// An option of a target.
#[derive(Debug, Serialize, Tsify)]
pub struct OptionInfo {
    /// Its name.
    pub name: String,
    /// What it does, as Markdown.
    pub docs: String,
    /// What it takes.
    #[tsify(type = "\"flag\" | \"choice\" | \"text\" | \"numbers\"")]
    pub kind: &'static str,
    /// The words of a choice.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<String>>,
    /// What it is when not given.
    #[tsify(type = "string | boolean | Record<string, number>")]
    pub default: Value,
}

/// A target.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct TargetInfo {
    /// What requests call it.
    pub name: String,
    /// Its name as people write it.
    pub title: String,
    /// What it writes, as Markdown.
    pub docs: String,
    /// Where it writes unless told otherwise.
    pub default_out: String,
    /// What it may be told.
    pub options: Vec<OptionInfo>,
}

/// A check of the compiler.
#[derive(Debug, Serialize, Tsify)]
pub struct CodeInfo {
    /// Its name.
    pub code: String,
    /// Its severity unless configured.
    pub severity: Severity,
    /// What it means and what to do, as Markdown.
    pub docs: String,
}

/// How diagnostics are to look.
#[derive(Debug, Clone, Copy, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// With source frames, for people.
    Rich,
    /// One line each.
    Concise,
    /// A JSON array.
    Json,
    /// Annotations of GitHub's workflow runs.
    Github,
}

/// How rich text is laid out.
#[derive(Debug, Default, Deserialize, Tsify)]
#[serde(default)]
pub struct RenderOptions {
    /// Whether to colour by ANSI escapes. Default: no.
    #[tsify(optional)]
    pub color: bool,
    /// How many columns there are. Default 100.
    #[tsify(optional)]
    pub width: Option<u16>,
}
