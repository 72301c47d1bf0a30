//! The schemagen compiler: one declared PostgreSQL schema in, everything that must agree with it out.
//!
//! It is a pure function. Whatever touches the world (files, clocks, databases, terminals) lives
//! outside; the same input gives the same bytes, natively and in wasm. A compilation runs in a straight
//! line:
//!
//! 1. [`syntax`] reads each text of [`Sources`] into a tree in which everything has its place.
//! 2. [`grammar`] reads the trees into a [`grammar::Document`], in the user's words.
//! 3. [`resolve`] turns the document into a [`schema::Schema`]: names, defaults, references, checked.
//! 4. [`lint`] gives advice on what is valid.
//! 5. [`emit`] has each target write its files; [`ddl`] writes the SQL, statement by statement.
//!
//! No step stops at an error: each adds to [`Diagnostics`] what it can honestly say. Only emitting is
//! refused when there are errors.
//!
//! ```
//! use schemagen_core::{CompileOptions, Sources, TargetRequest, compile};
//!
//! let mut sources = Sources::new();
//! sources.add("schema.yaml", "tables: { notes: { rls: enabled, columns: { id: { type: uuid, primary_key: true } } } }");
//! let sql = TargetRequest { target: "sql".to_owned(), ..TargetRequest::default() };
//! let compilation = compile(&sources, &CompileOptions::default(), &[sql]);
//! assert!(compilation.files[0].text.contains("CREATE TABLE"));
//! ```
#![forbid(unsafe_code)]

pub mod ddl;
pub mod diagnostic;
pub mod emit;
pub mod grammar;
pub mod limits;
pub mod lint;
pub mod predicate;
pub mod resolve;
pub mod schema;
pub mod source;
pub mod sql;
pub mod syntax;

use std::collections::BTreeMap;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Severity};
pub use emit::{File, TargetInfo, TargetRequest};
pub use grammar::{json_schema, language_reference};
pub use resolve::{Platform, Resolved};
pub use source::Sources;

/// What the host decides about a compilation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompileOptions {
    /// The database that the schema is for.
    pub resolve: resolve::ResolveOptions,
    /// Severities that differ from the codes' own; `None` silences a code. Errors stay errors.
    pub severities: BTreeMap<Code, Option<Severity>>,
}

/// What a compilation gives.
#[derive(Debug, Clone, Default)]
pub struct Compilation {
    /// The files of all targets; none where there are errors.
    pub files: Vec<File>,
    /// What there is to say, sorted by place.
    pub diagnostics: Diagnostics,
    /// The schema and where it was written; has holes where there are errors.
    pub resolved: Resolved,
}

/// Reads and checks the sources.
pub fn check(sources: &Sources, options: &CompileOptions) -> Diagnostics {
    let (resolved, mut sink) = read(sources, options);
    sink.extend(ddl::check_order(&resolved.schema, &resolved.origins));
    finish(sink, options)
}

/// Reads and checks the sources, and has each target write its files if there is no error.
pub fn compile(
    sources: &Sources,
    options: &CompileOptions,
    targets: &[TargetRequest],
) -> Compilation {
    let (resolved, mut sink) = read(sources, options);
    sink.extend(ddl::check_order(&resolved.schema, &resolved.origins));
    let mut files = Vec::new();
    if !sink.has_errors() {
        let input = emit::EmitInput::new(&resolved.schema, &resolved.origins);
        files = emit::emit(&input, targets, &mut sink);
    }
    if sink.has_errors() {
        files.clear();
    }
    Compilation { files, diagnostics: finish(sink, options), resolved }
}

/// The SQL of the whole schema, one statement at a time, for hosts that run it and lead PostgreSQL's
/// errors back to the source. Empty where there are errors.
pub fn statements(
    sources: &Sources,
    options: &CompileOptions,
) -> (Vec<ddl::Statement>, Resolved, Diagnostics) {
    let (resolved, mut sink) = read(sources, options);
    let mut statements = Vec::new();
    if !sink.has_errors() {
        let options = ddl::CreateOptions::default();
        let (list, findings) = ddl::create_schema(&resolved.schema, &resolved.origins, options);
        sink.extend(findings);
        if !sink.has_errors() {
            statements = list;
        }
    }
    (statements, resolved, finish(sink, options))
}

/// What stands for Supabase on an empty database: its roles, schemas, tables and functions, as SQL
/// statements that can be run again.
pub fn platform_statements() -> Vec<ddl::Statement> {
    let mut sources = Sources::new();
    sources.add("supabase.yaml", resolve::SUPABASE);
    let mut options = CompileOptions::default();
    options.resolve.platform = Platform::None;
    let (resolved, _) = read(&sources, &options);
    let create = ddl::CreateOptions { form: ddl::Form::Idempotent, transaction: true };
    ddl::create_schema(&resolved.schema, &resolved.origins, create).0
}

/// The targets that there are.
pub fn targets() -> impl Iterator<Item = &'static TargetInfo> {
    emit::registry::targets()
}

fn read(sources: &Sources, options: &CompileOptions) -> (Resolved, Diagnostics) {
    let mut sink = syntax::encoding(sources);
    let mut trees = Vec::new();
    for (file, source) in sources.iter() {
        let (tree, findings) = syntax::parse(file, &source.text);
        sink.extend(findings);
        trees.push((file, tree));
    }
    let document = grammar::decode(sources, &trees, &mut sink);
    let resolved = resolve::resolve(sources, &document, &options.resolve, &mut sink);
    lint::lint(&resolved, &mut sink);
    (resolved, sink)
}

/// Sorts the findings, once, with the severities that the host asked for.
fn finish(sink: Diagnostics, options: &CompileOptions) -> Diagnostics {
    let mut finished = Diagnostics::new();
    for mut diagnostic in sink {
        match options.severities.get(&diagnostic.code) {
            Some(_) if diagnostic.code.severity() == Severity::Error => {}
            Some(None) => continue,
            Some(Some(severity)) => diagnostic.severity = *severity,
            None => {}
        }
        finished.push(diagnostic);
    }
    finished.finish()
}
