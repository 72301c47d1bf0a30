//! Grants, revokes and default privileges.

use super::function;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{
    ColumnType, Grant, GrantAction, GrantObject, Id, Name, ObjectId, Privilege, Schema,
};

/// The part of a script that a grant belongs to.
pub(crate) const fn phase(grant: &Grant) -> Phase {
    match &grant.on {
        GrantObject::DefaultTables(_)
        | GrantObject::DefaultSequences(_)
        | GrantObject::DefaultFunctions(_)
        | GrantObject::DefaultTypes(_) => Phase::DefaultPrivileges,
        GrantObject::Relation(_)
        | GrantObject::Schema(_)
        | GrantObject::Sequence(_)
        | GrantObject::Function(_)
        | GrantObject::Type(_)
        | GrantObject::TablesIn(_)
        | GrantObject::SequencesIn(_)
        | GrantObject::FunctionsIn(_)
        | GrantObject::Part { .. }
        | GrantObject::Named { .. } => Phase::Grants,
    }
}

/// `GRANT`, `REVOKE` or `ALTER DEFAULT PRIVILEGES`.
pub(crate) fn create(schema: &Schema, id: Id<Grant>) -> Statement {
    let grant = &schema.grants[id];
    let mut w = SqlWriter::new(schema);
    if phase(grant) == Phase::DefaultPrivileges {
        w.sql("ALTER DEFAULT PRIVILEGES");
        if let Some(name) = default_namespace(&grant.on) {
            w.sql(" IN SCHEMA ").ident(name);
        }
        w.sql("\n  ");
    }
    let revoke = grant.action == GrantAction::Revoke;
    w.sql(if revoke { "REVOKE " } else { "GRANT " });
    w.sql_if(revoke && grant.grant_option, "GRANT OPTION FOR ");
    if grant.privileges.is_empty() {
        privilege(&mut w, "ALL", &grant.columns);
    } else {
        w.list(", ", &grant.privileges, |w, one| privilege(w, keyword(*one), &grant.columns));
    }
    w.sql(" ON ");
    object(&mut w, schema, &grant.on);
    w.sql(if revoke { " FROM " } else { " TO " });
    w.list(", ", &grant.roles, |w, role| w.role(role));
    w.sql_if(!revoke && grant.grant_option, " WITH GRANT OPTION");
    w.finish(ObjectId::Grant(id), phase(grant))
}

/// The schema that default privileges are limited to, if any.
const fn default_namespace(on: &GrantObject) -> Option<&Name> {
    match on {
        GrantObject::DefaultTables(namespace)
        | GrantObject::DefaultSequences(namespace)
        | GrantObject::DefaultFunctions(namespace)
        | GrantObject::DefaultTypes(namespace) => namespace.as_ref(),
        GrantObject::Relation(_)
        | GrantObject::Schema(_)
        | GrantObject::Sequence(_)
        | GrantObject::Function(_)
        | GrantObject::Type(_)
        | GrantObject::TablesIn(_)
        | GrantObject::SequencesIn(_)
        | GrantObject::FunctionsIn(_)
        | GrantObject::Part { .. }
        | GrantObject::Named { .. } => None,
    }
}

fn privilege<'w, 'a>(
    w: &'w mut SqlWriter<'a>,
    keyword: &'static str,
    columns: &[Name],
) -> &'w mut SqlWriter<'a> {
    w.sql(keyword);
    if columns.is_empty() { w } else { w.sql(" ").columns(columns) }
}

fn object(w: &mut SqlWriter<'_>, schema: &Schema, on: &GrantObject) {
    match on {
        GrantObject::Relation(id) => w.sql("TABLE ").name(schema.relation_name(*id)),
        GrantObject::Schema(name) => w.sql("SCHEMA ").ident(name),
        GrantObject::Sequence(id) => w.sql("SEQUENCE ").name(&schema.sequences[*id].name),
        GrantObject::Function(id) => {
            let called = &schema.functions[*id];
            function::signature(w.sql(function::keyword(called)).sql(" "), called)
        }
        GrantObject::Type(kind) => w.sql("TYPE ").ty(&ColumnType::scalar(kind.clone())),
        GrantObject::TablesIn(name) => w.sql("ALL TABLES IN SCHEMA ").ident(name),
        GrantObject::SequencesIn(name) => w.sql("ALL SEQUENCES IN SCHEMA ").ident(name),
        GrantObject::FunctionsIn(name) => w.sql("ALL FUNCTIONS IN SCHEMA ").ident(name),
        GrantObject::DefaultTables(_) => w.sql("TABLES"),
        GrantObject::DefaultSequences(_) => w.sql("SEQUENCES"),
        GrantObject::DefaultFunctions(_) => w.sql("FUNCTIONS"),
        GrantObject::DefaultTypes(_) => w.sql("TYPES"),
        GrantObject::Part { keyword, name, .. } | GrantObject::Named { keyword, name } => {
            w.sql(keyword).sql(" ").name(name)
        }
    };
}

const fn keyword(privilege: Privilege) -> &'static str {
    match privilege {
        Privilege::Select => "SELECT",
        Privilege::Insert => "INSERT",
        Privilege::Update => "UPDATE",
        Privilege::Delete => "DELETE",
        Privilege::Truncate => "TRUNCATE",
        Privilege::References => "REFERENCES",
        Privilege::Trigger => "TRIGGER",
        Privilege::Maintain => "MAINTAIN",
        Privilege::Usage => "USAGE",
        Privilege::Create => "CREATE",
        Privilege::Execute => "EXECUTE",
    }
}
