//! The compiler's doors for JavaScript.
//!
//! In: plain objects (`types`). Out: plain objects. Converts (`convert`) and nothing else: what the
//! compiler does stands in `schemagen_core`. A panic becomes a typed error (`panic`), an argument of
//! the wrong type another.

mod convert;
pub mod edit;
pub mod ide;
mod memory;
pub mod panic;
pub mod types;
pub mod workspace;

use schemagen_core::diagnostic::render::{self, RichOptions};
use schemagen_core::diagnostic::{Code, Diagnostics};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use convert::Places;
use types::{CheckOptions, CompileOptions, Diagnostic, Format, RenderOptions, SourceFile};
pub use workspace::Workspace;

/// Everything that the targets write for a schema, or what is wrong with it.
#[wasm_bindgen]
pub fn compile(
    files: Vec<Ts<SourceFile>>,
    options: Ts<CompileOptions>,
) -> Result<Ts<types::CompileResult>, JsError> {
    Workspace::once(files)?.compile(options)
}

/// What there is to say about a schema.
#[wasm_bindgen]
pub fn check(
    files: Vec<Ts<SourceFile>>,
    options: Ts<CheckOptions>,
) -> Result<Ts<types::CheckResult>, JsError> {
    Workspace::once(files)?.check(options)
}

/// The schema's SQL, one statement at a time.
#[wasm_bindgen]
pub fn statements(
    files: Vec<Ts<SourceFile>>,
    options: Ts<CheckOptions>,
) -> Result<Ts<types::StatementsResult>, JsError> {
    Workspace::once(files)?.statements(options)
}

/// Where UTF-16 units `start..end` of the `index`-th statement were written, if they stand in a source.
#[wasm_bindgen]
pub fn locate(
    files: Vec<Ts<SourceFile>>,
    options: Ts<CheckOptions>,
    index: usize,
    start: u32,
    end: u32,
) -> Result<Option<Ts<types::Location>>, JsError> {
    Workspace::of(files)?.locate(options, index, start, end)
}

/// Diagnostics as text, with the sources that they speak of.
#[wasm_bindgen]
pub fn render(
    files: Vec<Ts<SourceFile>>,
    diagnostics: Vec<Ts<Diagnostic>>,
    format: Ts<Format>,
    options: Ts<RenderOptions>,
) -> Result<String, JsError> {
    let sources = workspace::sources(files)?;
    let places = Places::new(&sources);
    let mut list = Diagnostics::new();
    for diagnostic in diagnostics {
        let diagnostic = diagnostic.to_rust()?;
        let code = convert::find_code(&diagnostic.code)?;
        list.push(places.read(code, diagnostic));
    }
    let options = options.to_rust()?;
    Ok(match format.to_rust()? {
        Format::Rich => render::rich(
            &list,
            &sources,
            RichOptions { color: options.color, width: options.width.map_or(100, usize::from) },
        ),
        Format::Concise => render::concise(&list, &sources),
        Format::Json => render::json(&list, &sources),
        Format::Github => render::github(&list, &sources),
    })
}

/// SQL that stands for what Supabase provides, for an empty database.
#[wasm_bindgen(js_name = platformSql)]
pub fn platform_sql() -> String {
    convert::script(&schemagen_core::platform_statements())
}

/// What the code means, as Markdown; nothing for an unknown code.
#[wasm_bindgen]
pub fn explain(code: &str) -> Option<String> {
    Code::find(code).map(|code| code.docs().to_owned())
}

/// Every check, grouped by subject.
#[wasm_bindgen]
pub fn codes() -> Result<Vec<Ts<types::CodeInfo>>, JsError> {
    Code::ALL.iter().map(|code| Ok(convert::code(*code).into_ts()?)).collect()
}

/// Every target.
#[wasm_bindgen]
pub fn targets() -> Result<Vec<Ts<types::TargetInfo>>, JsError> {
    schemagen_core::targets().map(|info| Ok(convert::target(info).into_ts()?)).collect()
}

/// The JSON Schema of schema files.
#[wasm_bindgen(js_name = jsonSchema, unchecked_return_type = "object")]
pub fn json_schema() -> Result<JsValue, JsError> {
    plain(&schemagen_core::json_schema())
}

/// The JSON Schema of the configuration.
#[wasm_bindgen(js_name = configSchema, unchecked_return_type = "object")]
pub fn config_schema() -> Result<JsValue, JsError> {
    plain(&schemagen_core::emit::config_json_schema())
}

/// The reference of the language, as Markdown.
#[wasm_bindgen(js_name = languageReference)]
pub fn language_reference() -> String {
    schemagen_core::language_reference()
}

/// JSON as plain objects.
fn plain(value: &serde_json::Value) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
