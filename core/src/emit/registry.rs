//! The list of targets. A new target is a folder, and a line here.

use super::{
    Target, TargetInfo, dbml, docs, drizzle, erd, json_schema, pydantic, redis, rpc, sql,
    sqlalchemy, sqlx, supabase, zod,
};

/// Every target, in the order in which help and documentation show them.
const TARGETS: &[&dyn Target] = &[
    &sql::Sql,
    &supabase::Supabase,
    &drizzle::Drizzle,
    &zod::Zod,
    &pydantic::Pydantic,
    &sqlalchemy::SqlAlchemy,
    &json_schema::JsonSchema,
    &dbml::Dbml,
    &erd::Erd,
    &docs::Docs,
    &sqlx::Sqlx,
    &rpc::Rpc,
    &redis::Redis,
];

/// The target of this name.
pub fn find(name: &str) -> Option<&'static dyn Target> {
    TARGETS.iter().copied().find(|target| target.info().name == name)
}

/// What there is to ask for.
pub fn targets() -> impl Iterator<Item = &'static TargetInfo> {
    TARGETS.iter().map(|target| target.info())
}
