//! What others own in the database: Supabase's roles, schemas, tables and functions.
//!
//! The platform is a schema in our own language (`platform/supabase.yaml`). It goes through the same
//! passes as the user's, as external objects: before them and once, or behind them where the user declares
//! what is the platform's. The host's prelude for an empty database is the same file, compiled.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::{ResolveOptions, Resolver, Start, declare, names, single};
use crate::diagnostic::Diagnostics;
use crate::grammar::{self, Document, FileDef, Text};
use crate::schema::{Name, Ownership, PUBLIC};
use crate::source::{Sources, Span};
use crate::sql::ExprCache;
use crate::syntax;

/// Who else owns objects in the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Platform {
    /// Supabase: `auth`, `storage`, `realtime`, the roles `anon`, `authenticated`, `service_role`, …
    #[default]
    Supabase,
    /// Nobody: a plain PostgreSQL.
    None,
}

/// The platform's own schema, as a schema file.
pub const SUPABASE: &str = include_str!("platform/supabase.yaml");

/// PostgreSQL schemas that Supabase, PostgreSQL or an extension owns: built upon, never created.
pub(super) const EXTERNAL_SCHEMAS: &[&str] = &[
    "auth",
    "cron",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgbouncer",
    "pgmq",
    "pgsodium",
    "pgsodium_masks",
    "realtime",
    "repack",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "tiger",
    "topology",
    "vault",
];

/// PostgreSQL's own schemas.
pub(super) const SYSTEM_SCHEMAS: &[&str] = &["information_schema", "pg_catalog"];

/// What comes with a platform.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// What it declares.
    pub(super) document: Document,
    /// What the bodies of its functions mean.
    pub(super) texts: ExprCache,
}

impl Loaded {
    fn new(file: FileDef) -> Self {
        let mut texts = ExprCache::default();
        for function in file.functions.iter().flat_map(|named| &named.value.0) {
            let language = function.language.as_ref().map(|language| language.value.as_str());
            if let (Some("sql"), Some(body)) = (language, &function.body) {
                texts.statements(body.text());
            }
        }
        Self { document: Document { files: vec![Arc::new(file)] }, texts }
    }
}

/// What comes with a platform; read once a process.
pub(super) fn load(platform: Platform) -> &'static Loaded {
    static LOADED: LazyLock<Loaded> = LazyLock::new(|| Loaded::new(read(SUPABASE)));
    static NOTHING: LazyLock<Loaded> = LazyLock::new(Loaded::default);
    match platform {
        Platform::Supabase => &LOADED,
        Platform::None => &NOTHING,
    }
}

/// What a resolution with `options` begins with: the platform's objects. Kept for whoever asks the same next.
pub(super) fn start(options: &ResolveOptions) -> Arc<Start> {
    static LAST: Mutex<Option<(ResolveOptions, Arc<Start>)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last {
        Some((known, start)) if known == options => Arc::clone(start),
        _ => {
            let start = Arc::new(Start::of(options));
            *last = Some((options.clone(), Arc::clone(&start)));
            start
        }
    }
}

impl Start {
    fn of(options: &ResolveOptions) -> Self {
        let platform = load(options.platform);
        let (sources, nothing) = (Sources::new(), Document::default());
        let (texts, mut said) = (platform.texts.clone(), Diagnostics::new());
        let mut cx = Resolver::new(&sources, options, Self::default(), texts, &mut said);
        let user = (&nothing, Ownership::Owned);
        let layers = [user, user, (&platform.document, Ownership::External)];
        let (declared, contents) = declare::declare(&mut cx, &layers, Vec::new());
        single(&mut cx, &declared, contents);
        Self { schema: cx.schema, origins: cx.origins, names: cx.names }
    }

    /// Whether the document declares nothing that is the platform's: none of its roles, nothing in its
    /// PostgreSQL schemas.
    pub(super) fn is_apart_from(&self, document: &Document) -> bool {
        let is_role = |name: &Text| self.schema.roles.values().any(|it| it.name == *name.value);
        let is_namespace = |name: &Name| {
            *name != PUBLIC && self.schema.namespaces.values().any(|it| it.name == *name)
        };
        let is_platforms = |(key, schema): (&Text, Option<&Text>)| {
            let is_plain = schema.is_none() && !key.value.contains(['.', '"']);
            let schema = || names::declared(&key.value, names::said(schema)).schema;
            !is_plain && is_namespace(&schema())
        };
        let declares = |file: &FileDef| {
            file.roles.iter().any(|role| is_role(&role.name)) || keys(file).any(is_platforms)
        };
        !document.files.iter().any(|file| declares(file))
    }
}

/// The names of what a file declares in PostgreSQL schemas, and the schemas that it says of them.
fn keys(file: &FileDef) -> impl Iterator<Item = (&Text, Option<&Text>)> {
    let functions = file.functions.iter().flat_map(|named| {
        named.value.0.iter().map(move |overload| (&named.name, overload.schema.as_ref()))
    });
    let tables = file.tables.iter().map(|it| (&it.name, it.value.schema.as_deref()));
    let views = file.views.iter().map(|it| (&it.name, it.value.schema.as_ref()));
    let enums = file.enums.iter().map(|it| (&it.name, it.value.schema.as_ref()));
    let domains = file.domains.iter().map(|it| (&it.name, it.value.schema.as_ref()));
    let types = file.types.iter().map(|it| (&it.name, it.value.schema.as_ref()));
    let sequences = file.sequences.iter().map(|it| (&it.name, it.value.schema.as_ref()));
    functions.chain(tables).chain(views).chain(enums).chain(domains).chain(types).chain(sequences)
}

/// Reads one of the files that come with the compiler. They are tested to have no findings; their
/// places lie in no file of the user's, so nothing ever points into them.
pub(super) fn read(text: &str) -> FileDef {
    let (tree, _) = syntax::parse(Span::NOWHERE.file, text);
    grammar::decode(&Sources::new(), &tree, &mut Diagnostics::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_platforms_is_told_from_what_is_not() {
        let is_apart = |text: &str| {
            let document = Document { files: vec![Arc::new(read(text))] };
            start(&ResolveOptions::default()).is_apart_from(&document)
        };
        assert!(is_apart("tables: {notes: {columns: {id: uuid}}}"));
        assert!(is_apart("tables: {billing.users: {columns: {id: uuid}}}"));
        assert!(is_apart("roles: {editor: {}}"));
        assert!(!is_apart("tables: {auth.users: {columns: {id: uuid}}}"));
        assert!(!is_apart("enums: {level: {schema: auth, values: [one]}}"));
        assert!(!is_apart("functions: {storage.f: {returns: text, body: select 1}}"));
        assert!(!is_apart("roles: {anon: {}}"));
    }
}
