//! From what the user wrote to what it means: names, defaults, sugar, mixins, references.
//!
//! In: the documents of the user and of the platform. Out: a [`Schema`] with [`Origins`], and every
//! semantic finding. Never stops at an error: what cannot be resolved is reported once and left out,
//! and whoever would have referred to it stays silent.
//!
//! The passes stand in `single` and `whole` in order; each is one function of one file, and each reads
//! only what earlier ones made.

mod again;
mod around;
mod checks;
mod columns;
mod constraints;
mod conversion;
mod declare;
mod defaults;
mod derive;
mod errors;
mod expressions;
mod functions;
mod grants;
mod indexes;
mod made_types;
mod mixins;
mod names;
mod overrides;
mod platform;
mod policies;
mod policy_cycles;
mod references;
mod results;
mod sql_words;
mod tables;
mod triggers;
mod types;
mod views;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::grammar::{Document, TableChange, Text};
use crate::schema::{Origins, Ownership, QualifiedName, Schema};
use crate::source::{Sources, Span};
use crate::sql::ExprCache;
use declare::Declared;
pub(crate) use grants::privilege_names;
pub(crate) use indexes::METHODS as INDEX_METHODS;
pub(crate) use mixins::BUILT_IN as BUILT_IN_MIXINS;
use mixins::Contents;
use names::Names;
pub(crate) use names::{declared, reference};
pub(crate) use triggers::EVENTS as TRIGGER_EVENTS;

pub use platform::{Platform, SUPABASE};

/// What the host decides about the database that the schema is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolveOptions {
    /// PostgreSQL's major version, 12 to 18: newer syntax is an error.
    pub target_version: u16,
    /// The PostgreSQL schemas that PostgREST shows.
    pub exposed_schemas: Vec<String>,
    /// Who else owns objects in the database.
    pub platform: Platform,
}

impl Default for ResolveOptions {
    fn default() -> Self {
        Self {
            target_version: 15,
            exposed_schemas: vec![crate::schema::PUBLIC.to_owned()],
            platform: Platform::Supabase,
        }
    }
}

/// A schema, and where it was written.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// What it means. Has holes where there were errors.
    pub schema: Schema,
    /// Where.
    pub origins: Origins,
}

/// The state of one resolution.
pub(crate) struct Resolver<'a> {
    sources: &'a Sources,
    options: &'a ResolveOptions,
    schema: Schema,
    origins: Origins,
    names: Names,
    /// What the texts of types stand for.
    types: FxHashMap<(SmolStr, types::Position), types::Written>,
    exprs: ExprCache,
    sink: &'a mut Diagnostics,
}

impl<'a> Resolver<'a> {
    /// Goes on from what there is already.
    fn new(
        sources: &'a Sources,
        options: &'a ResolveOptions,
        start: Start,
        exprs: ExprCache,
        sink: &'a mut Diagnostics,
    ) -> Self {
        let Start { mut schema, origins, names } = start;
        schema.target_version = options.target_version;
        let types = FxHashMap::default();
        Self { sources, options, schema, origins, names, types, exprs, sink }
    }

    /// What it comes to. What the next one goes on from is left to `memory`: all, where it ends with these
    /// findings about single objects after so many changes; else the SQL that was read.
    fn finish(self, memory: &mut Memory, end: Option<(Diagnostics, usize)>) -> Resolved {
        let Self { schema, origins, names, types, exprs, .. } = self;
        memory.texts = exprs;
        memory.end = end.map(|(findings, changes)| End { names, types, findings, changes });
        Resolved { schema, origins }
    }

    /// The place of a part of a name; of the whole where it stands escaped.
    fn part(&self, whole: &Text, part: &str) -> Span {
        let source = self.sources.slice(whole.span);
        match source.rfind(part) {
            Some(at) if !part.is_empty() => {
                let start = whole.span.start + at as u32;
                Span::new(whole.span.file, start..start + part.len() as u32)
            }
            _ => whole.span,
        }
    }
    /// Whether a name lies in a schema whose contents we cannot know: another owner's.
    fn is_foreign(&self, name: &QualifiedName) -> bool {
        !name.is_public()
            && self.schema.namespaces.values().any(|namespace| {
                namespace.name == name.schema && namespace.ownership == Ownership::External
            })
    }

    /// Adds the finding that nothing has `name`, unless something has that could not be read.
    fn report_missing(&mut self, name: &QualifiedName, diagnostic: Diagnostic) {
        if !self.names.is_unread(name) {
            self.report(diagnostic);
        }
    }

    /// Adds a finding, unless it is about what comes with the compiler.
    fn report(&mut self, mut diagnostic: Diagnostic) {
        if self.sources.get(diagnostic.primary.span.file).is_some() {
            diagnostic.labels.retain(|label| self.sources.get(label.span.file).is_some());
            self.sink.push(diagnostic);
        }
    }
}

/// What a resolution leaves to the next one.
#[derive(Debug, Default)]
pub struct Memory {
    /// The SQL that was read.
    texts: ExprCache,
    /// What it ended with; none where not even a change within one table can go on from there.
    end: Option<End>,
}

/// What a resolution knows at its end, beside the schema.
#[derive(Debug)]
struct End {
    names: Names,
    types: FxHashMap<(SmolStr, types::Position), types::Written>,
    /// What was said of single objects.
    findings: Diagnostics,
    /// How many changes of tables it was carried on over.
    changes: usize,
}

/// What there is before the first declaration.
#[derive(Debug, Clone, Default)]
struct Start {
    schema: Schema,
    origins: Origins,
    names: Names,
}

/// Resolves what the user wrote, on the platform of the options. Of files that nobody else holds, what tables are
/// made of is let go of on the way.
pub fn resolve(
    sources: &Sources,
    mut document: Document,
    options: &ResolveOptions,
    memory: &mut Memory,
    sink: &mut Diagnostics,
) -> Resolved {
    let contents = mixins::take_contents(&mut document);
    let document = &document;
    let platform = platform::load(options.platform);
    let builtin = mixins::builtin(document);
    let start = platform::start(options);
    // Of two declarations of one name the first wins: the user's, also over the platform's.
    let layers = [
        (document, Ownership::Owned),
        (&builtin, Ownership::Owned),
        (&platform.document, Ownership::External),
    ];
    let (start, layers) = if start.is_apart_from(document) {
        (Start::clone(&start), layers.get(..2).unwrap_or_default())
    } else {
        (Start::default(), layers.as_slice())
    };
    let known = start.schema.tables.len();
    let said = sink.len();
    let texts = std::mem::take(memory).texts;
    let mut cx =
        Resolver::new(sources, options, start, platform.texts.clone().following(texts), sink);
    let (declared, contents) = declare::declare(&mut cx, layers, contents);
    single(&mut cx, &declared, contents);
    // Holes would be filled by a table that is mended, and tables that others own are known by their first use.
    let findings: Diagnostics = cx.sink.iter().skip(said).cloned().collect();
    let is_plain =
        !findings.has_errors() && cx.schema.tables.len() == known + declared.tables.len();
    whole(&mut cx);
    cx.exprs = std::mem::take(&mut cx.exprs).finished();
    cx.finish(memory, is_plain.then_some((findings, 0)))
}

/// Resolves each object that was declared.
fn single(cx: &mut Resolver<'_>, declared: &Declared<'_>, contents: Vec<Contents<'_>>) {
    made_types::made_types(cx, declared);
    let foreign = tables::tables(cx, &declared.tables, contents);
    references::references(cx, foreign);
    grants::sequence_owners(cx, declared);
    functions::functions(cx, declared);
    views::views(cx, declared);
    derive::columns(cx, declared);
    triggers::triggers(cx, declared);
    policies::memberships(cx, declared);
    policies::policies(cx, declared);
    grants::publications(cx, declared);
    grants::grants(cx, declared);
    overrides::overrides(cx, declared);
}

/// What is said of the whole schema, once all is known.
fn whole(cx: &mut Resolver<'_>) {
    references::cascade_cycles(cx);
    checks::checks(cx);
    policy_cycles::policy_cycles(cx);
}

/// What [`resolve`] gives, of `known`, which it gave before `change`, and of the table that this changed. None
/// where other objects may be affected, or there is something to say of the table.
pub fn resolve_again(
    sources: &Sources,
    document: &Document,
    options: &ResolveOptions,
    memory: &mut Memory,
    (known, change): (Resolved, &TableChange),
    sink: &mut Diagnostics,
) -> Option<Resolved> {
    let End { names, types, findings, changes } =
        memory.end.take().filter(|end| end.changes < MOST_CHANGES)?;
    let Resolved { schema, origins } = known;
    let (exprs, mut said) = (std::mem::take(&mut memory.texts), Diagnostics::new());
    let start = Start { schema, origins, names };
    let mut cx = Resolver { types, ..Resolver::new(sources, options, start, exprs, &mut said) };
    let again = again::table(&mut cx, document, change);
    let findings = again.and_then(|()| again::findings(findings, std::mem::take(cx.sink), change));
    let Some(findings) = findings else {
        memory.texts = cx.exprs;
        return None;
    };
    sink.extend(findings.clone());
    let mut cx = Resolver { sink, ..cx };
    whole(&mut cx);
    Some(cx.finish(memory, Some((findings, changes + 1))))
}

/// After so many changes everything is resolved anew: what tables no longer have (SQL, places of expressions)
/// is kept until then.
const MOST_CHANGES: usize = 200;
