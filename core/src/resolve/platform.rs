//! What others own in the database: Supabase's roles, schemas, tables and functions.
//!
//! The platform is a schema in our own language (`platform/supabase.yaml`). It goes through the same
//! passes as the user's, as external objects; the host's prelude for an empty database is the same
//! file, compiled.

use std::sync::{Arc, LazyLock};

use crate::diagnostic::Diagnostics;
use crate::grammar::{self, Document, FileDef};
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

/// Reads one of the files that come with the compiler. They are tested to have no findings; their
/// places lie in no file of the user's, so nothing ever points into them.
pub(super) fn read(text: &str) -> FileDef {
    let (tree, _) = syntax::parse(Span::NOWHERE.file, text);
    grammar::decode(&Sources::new(), &tree, &mut Diagnostics::new())
}
