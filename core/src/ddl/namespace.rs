//! Schemas, extensions and roles.
//!
//! In: what must be there before all else. Out: statements that do nothing where it is there already,
//! in either form: extensions and roles outlive the database's contents.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{Extension, Id, Namespace, ObjectId, Role, Schema};

/// `CREATE SCHEMA`.
pub(crate) fn create_namespace(schema: &Schema, id: Id<Namespace>, form: Form) -> Statement {
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE SCHEMA ")
        .sql_if(form == Form::Idempotent, "IF NOT EXISTS ")
        .ident(&schema.namespaces[id].name);
    w.finish(ObjectId::Namespace(id), Phase::Namespaces)
}

/// `CREATE EXTENSION IF NOT EXISTS`.
pub(crate) fn create_extension(schema: &Schema, id: Id<Extension>) -> Statement {
    let extension = &schema.extensions[id];
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE EXTENSION IF NOT EXISTS ").ident(&extension.name);
    if extension.schema.is_some() || extension.version.is_some() {
        w.sql(" WITH");
    }
    if let Some(name) = &extension.schema {
        w.sql(" SCHEMA ").ident(name);
    }
    if let Some(version) = &extension.version {
        w.sql(" VERSION ").literal(version);
    }
    w.finish(ObjectId::Extension(id), Phase::Extensions)
}

/// `SET search_path`, where extensions lie outside `public`: expressions of the schema may then name
/// their types, operators and functions as they would on Supabase, whose path holds them too.
pub(crate) fn search_path(schema: &Schema, local: bool) -> Option<Statement> {
    let mut paths: Vec<&str> = Vec::new();
    let mut first = None;
    for (id, extension) in schema.extensions.iter() {
        let Some(name) = extension.schema.as_deref() else { continue };
        if !["public", "pg_catalog"].contains(&name) && !paths.contains(&name) {
            paths.push(name);
            first = first.or(Some(id));
        }
    }
    let mut w = SqlWriter::new(schema);
    w.sql(if local { "SET LOCAL" } else { "SET" }).sql(" search_path = public, ");
    w.list(", ", paths, |w, name| w.ident(name));
    first.map(|id| w.finish(ObjectId::Extension(id), Phase::Session))
}

/// `CREATE ROLE` unless it exists.
pub(crate) fn create_role(schema: &Schema, id: Id<Role>) -> Statement {
    let role = &schema.roles[id];
    let mut missing = SqlWriter::new(schema);
    missing.sql("NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ").literal(&role.name).sql(")");
    let mut create = missing.fresh();
    create
        .sql("CREATE ROLE ")
        .ident(&role.name)
        .sql(if role.login { " LOGIN" } else { " NOLOGIN" })
        .sql_if(!role.inherit, " NOINHERIT")
        .sql_if(role.bypass_rls, " BYPASSRLS");
    let mut guarded = missing.fresh();
    guarded.guarded(missing, create);
    guarded.finish(ObjectId::Role(id), Phase::Roles)
}

/// The memberships of a role, which may be in one that is declared after it.
pub(crate) fn join_roles(schema: &Schema, id: Id<Role>) -> impl Iterator<Item = Statement> {
    let role = &schema.roles[id];
    role.member_of.iter().map(move |group| {
        let mut w = SqlWriter::new(schema);
        w.sql("GRANT ").ident(group).sql(" TO ").ident(&role.name);
        w.finish(ObjectId::Role(id), Phase::Roles)
    })
}
