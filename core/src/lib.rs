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
//! A [`Workspace`] takes these steps and remembers what they gave; the functions here are uses of it
//! that forget.
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
pub mod edit;
pub mod emit;
pub mod grammar;
mod graph;
pub mod ide;
mod json;
pub mod limits;
pub mod lint;
pub mod predicate;
pub mod resolve;
pub mod schema;
mod sort;
pub mod source;
pub mod sql;
pub mod syntax;
pub mod workspace;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Severity};
pub use emit::{File, TargetInfo, TargetRequest};
pub use grammar::{json_schema, language_reference};
pub use resolve::{Platform, Resolved};
pub use source::Sources;
pub use workspace::{Analysis, Workspace};

/// What the host decides about a compilation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompileOptions {
    /// The database that the schema is for.
    pub resolve: resolve::ResolveOptions,
    /// Severities that differ from the codes' own; `None` silences a code. Errors stay errors.
    pub severities: BTreeMap<Code, Option<Severity>>,
    /// Whether files come without their provenance.
    pub untraced: bool,
}

/// What a compilation gives.
#[derive(Debug, Default)]
pub struct Compilation {
    /// The files of all targets; none where there are errors.
    pub files: Vec<File>,
    /// What there is to say, sorted by place.
    pub diagnostics: Diagnostics,
    /// What the sources mean.
    pub analysis: Arc<Analysis>,
}

/// Reads and checks the sources.
pub fn check(sources: &Sources, options: &CompileOptions) -> Diagnostics {
    Workspace::once(sources.clone()).check(options)
}

/// Reads and checks the sources, and has each target write its files if there is no error.
pub fn compile(
    sources: &Sources,
    options: &CompileOptions,
    targets: &[TargetRequest],
) -> Compilation {
    Workspace::once(sources.clone()).compile(options, targets)
}

/// The SQL of the whole schema, one statement at a time, for hosts that run it and lead PostgreSQL's
/// errors back to the source. Empty where there are errors.
pub fn statements(
    sources: &Sources,
    options: &CompileOptions,
) -> (Vec<ddl::Statement>, Arc<Analysis>, Diagnostics) {
    Workspace::once(sources.clone()).statements(options, ddl::CreateOptions::default())
}

/// What stands for Supabase on an empty database: its roles, schemas, tables and functions, as SQL
/// statements that can be run again.
pub fn platform_statements() -> Vec<ddl::Statement> {
    let mut sources = Sources::new();
    sources.add("supabase.yaml", resolve::SUPABASE);
    let mut options = CompileOptions::default();
    options.resolve.platform = Platform::None;
    let create = ddl::CreateOptions { form: ddl::Form::Idempotent, transaction: true };
    Workspace::once(sources).statements(&options, create).0
}

/// The targets that there are.
pub fn targets() -> impl Iterator<Item = &'static TargetInfo> {
    emit::registry::targets()
}
