//! Grants and revokes, at top level and inside objects; publications.

use super::columns::{known_list, needs};
use super::declare::{Declared, comment, flag, names_of};
use super::names::{self, Symbol};
use super::{Resolver, errors, expressions, policies, references};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::grammar::{
    FunctionDef, GrantDef, GrantOn, GrantOnDef, Named, OperationWord, PublicationDef, Text,
};
use crate::schema::{
    FunctionId, Grant, GrantAction, GrantObject, Name, ObjectId, Operation, Ownership, Privilege,
    Publication, PublicationTable, QualifiedName, RelationId, TableId, TypeKind,
};
use crate::sql::types::parse_type;

/// Resolves all grants.
pub(super) fn grants(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for table in &declared.tables {
        for def in &table.named.value.grants {
            grant(cx, def, Some(GrantObject::Relation(RelationId::Table(table.id))));
        }
    }
    for (id, named) in &declared.views {
        for def in &named.value.grants {
            grant(cx, def, Some(GrantObject::Relation(RelationId::View(*id))));
        }
    }
    for (file, ownership) in &declared.files {
        if *ownership != Ownership::Owned {
            continue;
        }
        for named in &file.functions {
            for def in &named.value.0 {
                function_grants(cx, named, def);
            }
        }
        for def in &file.grants {
            grant(cx, def, None);
        }
    }
}

/// Grants inside a function: on the overload that stands there.
fn function_grants(
    cx: &mut Resolver<'_>,
    named: &Named<crate::grammar::FunctionList>,
    def: &FunctionDef,
) {
    if def.grants.is_empty() {
        return;
    }
    let name = names::declared(&named.name.value, names::said(def.schema.as_ref()));
    let position =
        named.value.0.iter().position(|other| other.span == def.span).unwrap_or_default();
    let Some(id) =
        cx.names.functions(&name).get(position).or(cx.names.functions(&name).first()).copied()
    else {
        return;
    };
    for grant_def in &def.grants {
        grant(cx, grant_def, Some(GrantObject::Function(id)));
    }
}

fn grant(cx: &mut Resolver<'_>, def: &GrantDef, inside: Option<GrantObject>) {
    let (action, words) = match (def.privileges.as_slice(), def.revoke.as_slice()) {
        ([], []) => {
            cx.report(
                Diagnostic::new(
                    Code::MissingKey,
                    def.span,
                    "a grant needs `privileges` or `revoke`",
                )
                .help("add `privileges: [select]`, or `all`"),
            );
            return;
        }
        (words, []) => (GrantAction::Grant, words),
        ([], words) => (GrantAction::Revoke, words),
        ([first, ..], [second, ..]) => {
            cx.report(
                Diagnostic::new(
                    Code::ConflictingKeys,
                    second.span,
                    "a grant either gives or takes",
                )
                .label(first.span, "gives here")
                .help("write two entries"),
            );
            return;
        }
    };
    let on = match (&def.on, inside) {
        (None, Some(inside)) => inside,
        (Some(on), Some(_)) => {
            let error = Diagnostic::new(
                Code::ConflictingKeys,
                on.span(),
                "this grant stands inside its object, which `on` names again",
            );
            cx.report(error.help("remove `on`"));
            return;
        }
        (Some(on), None) => match object(cx, on, flag(def.default)) {
            Some(on) => on,
            None => return,
        },
        (None, None) => {
            cx.report(
                Diagnostic::new(Code::MissingKey, def.span, "a grant needs `on`")
                    .help("add `on: TABLE`"),
            );
            return;
        }
    };
    let Some(privileges) = privileges(cx, words, &on) else { return };
    if let Some(column) = def.columns.first()
        && let Some((word, _)) =
            words.iter().zip(&privileges).find(|(_, privilege)| !of_columns(**privilege))
    {
        cx.report(
            Diagnostic::new(
                Code::UnknownPrivilege,
                word.span,
                format!("`{}` is not a privilege on columns", word.value),
            )
            .label(column.span, "only on these columns")
            .help("use select, insert, update or references, or remove `columns`"),
        );
        return;
    }
    for role in &def.to {
        policies::known_role(cx, role);
    }
    let everybody = def.to.iter().find(|role| role.value == "public");
    if let (Some(option), Some(role)) = (def.grant_option.filter(|it| it.value), everybody) {
        let message = "the right to grant on cannot be given to everybody";
        let error = Diagnostic::new(Code::ConflictingKeys, option.span, message);
        cx.report(error.label(role.span, "everybody").help("remove it, or name roles"));
    }
    if def.to.is_empty() {
        return;
    }
    let columns = match on {
        GrantObject::Relation(RelationId::Table(table))
            if !cx.schema.tables[table].columns.is_empty() =>
        {
            known_list(cx, table, &def.columns)
        }
        _ => names_of(&def.columns),
    };
    let id = cx.schema.grants.push(Grant {
        action,
        privileges,
        on,
        columns,
        roles: def.to.iter().map(|role| Name::new(role.value.clone())).collect(),
        grant_option: flag(def.grant_option),
    });
    cx.origins.set(ObjectId::Grant(id), def.span);
}

fn object(cx: &mut Resolver<'_>, on: &GrantOn, default: bool) -> Option<GrantObject> {
    match on {
        GrantOn::Relation(name) => relation(cx, name),
        GrantOn::Object(def) => of_kind(cx, def, default),
    }
}

fn relation(cx: &mut Resolver<'_>, written: &Text) -> Option<GrantObject> {
    let name = names::reference(&written.value);
    if let Some(relation) = cx.names.relation(&name) {
        return Some(GrantObject::Relation(relation));
    }
    if let Some(of) = cx.names.partitioned(&name) {
        return Some(GrantObject::Part { keyword: "TABLE", name, of });
    }
    let table = references::table(cx, &name, written.span)?;
    Some(GrantObject::Relation(RelationId::Table(table)))
}

fn of_kind(cx: &mut Resolver<'_>, def: &GrantOnDef, default: bool) -> Option<GrantObject> {
    let given: Vec<&Text> = [
        &def.table,
        &def.schema,
        &def.sequence,
        &def.function,
        &def.ty,
        &def.tables_in,
        &def.sequences_in,
        &def.functions_in,
    ]
    .into_iter()
    .flatten()
    .collect();
    if let ([first, second, ..], false) = (given.as_slice(), default) {
        cx.report(errors::either(first.span, "on this", second.span, "on that"));
        return None;
    }
    if default {
        return default_object(cx, def);
    }
    if let Some(name) = &def.table {
        return relation(cx, name);
    }
    if let Some(name) = &def.schema {
        return known_schema(cx, name).map(GrantObject::Schema);
    }
    if let Some(name) = &def.tables_in {
        return known_schema(cx, name).map(GrantObject::TablesIn);
    }
    if let Some(name) = &def.sequences_in {
        return known_schema(cx, name).map(GrantObject::SequencesIn);
    }
    if let Some(name) = &def.functions_in {
        return known_schema(cx, name).map(GrantObject::FunctionsIn);
    }
    if let Some(written) = &def.sequence {
        let name = names::reference(&written.value);
        return match cx.names.sequence(&name) {
            Some(id) => Some(GrantObject::Sequence(id)),
            None => match counting(cx, &name) {
                Some(of) => Some(GrantObject::Part { keyword: "SEQUENCE", name, of }),
                None => named_elsewhere(cx, "SEQUENCE", "sequence", written, name, None),
            },
        };
    }
    if let Some(written) = &def.function {
        return function(cx, written);
    }
    if let Some(written) = &def.ty {
        let name = names::reference(&written.value);
        let kind = match cx.names.ty(&name) {
            Some(Symbol::Enum(id)) => TypeKind::Enum(id),
            Some(Symbol::Domain(id)) => TypeKind::Domain(id),
            Some(Symbol::Composite(id)) => TypeKind::Composite(id),
            Some(
                Symbol::Table(_)
                | Symbol::View(_)
                | Symbol::Sequence(_)
                | Symbol::Index(_)
                | Symbol::Partition(_),
            )
            | None => {
                let close = cx.names.closest_type(&name);
                return named_elsewhere(cx, "TYPE", "type", written, name, close);
            }
        };
        return Some(GrantObject::Type(kind));
    }
    cx.report(
        Diagnostic::new(Code::MissingKey, def.span, "this does not say what the grant is on")
            .help("use one of: table, schema, sequence, function, type, tables_in, sequences_in, functions_in"),
    );
    None
}

/// The table with a serial or identity column, for which PostgreSQL makes a sequence of this name: `TABLE_COLUMN_seq`.
fn counting(cx: &Resolver<'_>, name: &QualifiedName) -> Option<TableId> {
    let stem = name.name.strip_suffix("_seq")?;
    stem.match_indices('_').find_map(|(at, _)| {
        let (table, column) = (stem.get(..at)?, stem.get(at + 1..)?);
        let id = cx.names.table(&QualifiedName::new(name.schema.clone(), Name::new(table)))?;
        let (_, column) = cx.schema.tables[id].column(column)?;
        (column.serial || column.identity.is_some()).then_some(id)
    })
}

/// A PostgreSQL schema that something lies in, or that another owns.
fn known_schema(cx: &mut Resolver<'_>, written: &Text) -> Option<Name> {
    if super::platform::EXTERNAL_SCHEMAS.contains(&written.value.as_str()) {
        super::declare::namespace(cx, &Name::new(written.value.clone()), None);
    }
    let names = || cx.schema.namespaces.values().map(|namespace| namespace.name.as_str());
    if names().any(|name| name == written.value) {
        return Some(Name::new(written.value.clone()));
    }
    let close = closest(&written.value, names()).map(str::to_owned);
    let error = Diagnostic::new(
        Code::UnknownObject,
        written.span,
        format!("there is no schema `{}`", written.value),
    );
    cx.report(match close {
        Some(close) => error.help(format!("did you mean `{close}`?")),
        None => error.help("it is created as soon as an object lies in it; correct the name"),
    });
    None
}

/// An object of another owner, or an error.
fn named_elsewhere(
    cx: &mut Resolver<'_>,
    keyword: &'static str,
    noun: &str,
    written: &Text,
    name: QualifiedName,
    close: Option<String>,
) -> Option<GrantObject> {
    if cx.is_foreign(&name) {
        return Some(GrantObject::Named { keyword, name });
    }
    let error =
        Diagnostic::new(Code::UnknownObject, written.span, format!("there is no {noun} `{name}`"));
    let error = match close {
        Some(close) => error.help(format!("did you mean `{close}`?")),
        None => error.help("define it, or correct the name"),
    };
    cx.report_missing(&name, error);
    None
}

/// `name` where there is one of that name, or `name(types)`.
fn function(cx: &mut Resolver<'_>, written: &Text) -> Option<GrantObject> {
    let (name_text, args) = match written.value.split_once('(') {
        Some((name, rest)) => (name.trim(), Some(rest.trim_end().trim_end_matches(')').trim())),
        None => (written.value.trim(), None),
    };
    let name = names::reference(name_text);
    let overloads: Vec<FunctionId> = cx.names.functions(&name).to_vec();
    match (args, overloads.as_slice()) {
        (_, []) => {
            let close = cx.names.closest_function(&name);
            named_elsewhere(cx, "FUNCTION", "function", written, name, close)
        }
        (None, [only]) => Some(GrantObject::Function(*only)),
        (None, _) => {
            let message = format!("there are {} functions `{name}`", overloads.len());
            cx.report(
                Diagnostic::new(Code::UnknownObject, written.span, message)
                    .help(format!("say which: {}", signatures(cx, &name, &overloads))),
            );
            None
        }
        (Some(args), _) => {
            let wanted: Vec<String> = if args.is_empty() {
                Vec::new()
            } else {
                args.split(',').map(|arg| canonical_type(arg.trim())).collect()
            };
            let found = overloads.iter().copied().find(|id| {
                let inputs = cx.schema.functions[*id].inputs();
                inputs
                    .map(|arg| canonical_type(&references::type_text(cx, &arg.ty)))
                    .collect::<Vec<_>>()
                    == wanted
            });
            if found.is_none() {
                let message = format!("no function `{name}` takes ({args})");
                cx.report(
                    Diagnostic::new(Code::UnknownObject, written.span, message)
                        .help(format!("there is {}", signatures(cx, &name, &overloads))),
                );
            }
            found.map(GrantObject::Function)
        }
    }
}

/// What tells these functions of one name apart: `f(integer)`, `f(text, uuid)`.
fn signatures(cx: &Resolver<'_>, name: &QualifiedName, overloads: &[FunctionId]) -> String {
    let signature = |id: &FunctionId| {
        let types = cx.schema.functions[*id].inputs().map(|arg| references::type_text(cx, &arg.ty));
        format!("`{name}({})`", types.collect::<Vec<_>>().join(", "))
    };
    overloads.iter().map(signature).collect::<Vec<_>>().join(", ")
}

/// A type's name without its modifier, aliases resolved: what tells overloads apart.
fn canonical_type(text: &str) -> String {
    match parse_type(text) {
        Ok(name) => format!("{}{}", name.name, "[]".repeat(usize::from(name.dimensions))),
        Err(_) => text.to_owned(),
    }
}

/// `ALTER DEFAULT PRIVILEGES`: what will be created, in one PostgreSQL schema or everywhere.
fn default_object(cx: &mut Resolver<'_>, def: &GrantOnDef) -> Option<GrantObject> {
    let lists = [
        (&def.tables_in, GrantObject::DefaultTables as fn(Option<Name>) -> GrantObject),
        (&def.sequences_in, GrantObject::DefaultSequences),
        (&def.functions_in, GrantObject::DefaultFunctions),
        (&def.types_in, GrantObject::DefaultTypes),
    ];
    for (written, make) in lists {
        if let Some(schema) = written {
            return Some(make(Some(known_schema(cx, schema)?)));
        }
    }
    cx.report(
        Diagnostic::new(
            Code::MissingKey,
            def.span,
            "default privileges are on tables_in, sequences_in, functions_in or types_in",
        )
        .help("add `tables_in: public`"),
    );
    None
}

const PRIVILEGES: &[(&str, Privilege)] = &[
    ("select", Privilege::Select),
    ("insert", Privilege::Insert),
    ("update", Privilege::Update),
    ("delete", Privilege::Delete),
    ("truncate", Privilege::Truncate),
    ("references", Privilege::References),
    ("trigger", Privilege::Trigger),
    ("maintain", Privilege::Maintain),
    ("usage", Privilege::Usage),
    ("create", Privilege::Create),
    ("execute", Privilege::Execute),
];

/// The names of all privileges.
pub(crate) fn privilege_names() -> impl Iterator<Item = &'static str> {
    PRIVILEGES.iter().map(|(name, _)| *name)
}

/// The privileges that each kind of object has (PostgreSQL, chapter 5.8).
fn allowed(on: &GrantObject) -> (&'static str, &'static [Privilege]) {
    use Privilege::{
        Create, Delete, Execute, Insert, Maintain, References, Select, Trigger, Truncate, Update,
        Usage,
    };
    const SEQUENCE: &[Privilege] = &[Usage, Select, Update];
    const TABLE: &[Privilege] =
        &[Select, Insert, Update, Delete, Truncate, References, Trigger, Maintain];
    match on {
        GrantObject::Relation(_) | GrantObject::TablesIn(_) | GrantObject::DefaultTables(_) => {
            ("a table", TABLE)
        }
        GrantObject::Schema(_) => ("a schema", &[Usage, Create]),
        GrantObject::Sequence(_)
        | GrantObject::SequencesIn(_)
        | GrantObject::DefaultSequences(_) => ("a sequence", SEQUENCE),
        GrantObject::Function(_)
        | GrantObject::FunctionsIn(_)
        | GrantObject::DefaultFunctions(_) => ("a function", &[Execute]),
        GrantObject::Type(_) | GrantObject::DefaultTypes(_) => ("a type", &[Usage]),
        GrantObject::Part { keyword, .. } | GrantObject::Named { keyword, .. } => match *keyword {
            "TABLE" => ("a table", TABLE),
            "SEQUENCE" => ("a sequence", SEQUENCE),
            "FUNCTION" => ("a function", &[Execute]),
            _ => ("a type", &[Usage]),
        },
    }
}

fn privileges(cx: &mut Resolver<'_>, words: &[Text], on: &GrantObject) -> Option<Vec<Privilege>> {
    let (noun, allowed) = allowed(on);
    let mut found = Vec::with_capacity(words.len());
    for word in words {
        let lower = word.value.to_lowercase();
        if lower == "all" || lower == "all privileges" {
            return Some(Vec::new());
        }
        let privilege =
            PRIVILEGES.iter().find(|(name, _)| *name == lower).map(|(_, privilege)| *privilege);
        match privilege.filter(|privilege| allowed.contains(privilege)) {
            Some(Privilege::Maintain) => {
                needs(cx, 17, "the privilege `maintain`", word.span, "remove it");
                found.push(Privilege::Maintain);
            }
            Some(privilege) => found.push(privilege),
            None => {
                let names: Vec<&str> = PRIVILEGES
                    .iter()
                    .filter(|(_, privilege)| allowed.contains(privilege))
                    .map(|(name, _)| *name)
                    .collect();
                let message = format!("`{}` is not a privilege on {noun}", word.value);
                let error = Diagnostic::new(Code::UnknownPrivilege, word.span, message);
                cx.report(match closest(&lower, names.iter().copied()) {
                    Some(close) => error.help(format!("did you mean `{close}`?")),
                    None => error.help(format!("use {}, or all", names.join(", "))),
                });
                return None;
            }
        }
    }
    Some(found)
}

/// Whether a privilege can be given on single columns.
const fn of_columns(privilege: Privilege) -> bool {
    matches!(
        privilege,
        Privilege::Select | Privilege::Insert | Privilege::Update | Privilege::References
    )
}

/// Resolves all publications.
pub(super) fn publications(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for (file, ownership) in &declared.files {
        if *ownership == Ownership::External {
            continue;
        }
        for named in &file.publications {
            publication(cx, named);
        }
    }
}

fn publication(cx: &mut Resolver<'_>, named: &Named<PublicationDef>) {
    let def = &named.value;
    let name = Name::new(named.name.value.clone());
    if let Some(error) = names::invalid(&name, named.name.span) {
        cx.report(error);
        return;
    }
    let known =
        cx.schema.publications.iter().find(|(_, known)| known.name == name).map(|(id, _)| id);
    if let Some(first) = known {
        let first = cx.origins.of(ObjectId::Publication(first));
        cx.report(errors::duplicate("publication", &name, named.name.span, first));
        return;
    }
    if let (Some(all), Some(first)) = (def.all_tables.filter(|all| all.value), def.tables.first()) {
        cx.report(
            Diagnostic::new(
                Code::ConflictingKeys,
                first.span,
                "a publication of all tables lists none",
            )
            .label(all.span, "all tables")
            .help("remove one of the two"),
        );
    }
    if let Some(schema) = def.schemas.first() {
        needs(cx, 15, "publishing a whole schema", schema.span, "list the tables");
    }
    let of_schemas = def.schemas.first().map(|schema| schema.span);
    let mut tables = Vec::with_capacity(def.tables.len());
    for def in &def.tables {
        let Some(table) = &def.table else { continue };
        let Some(id) = references::table(cx, &names::reference(&table.value), table.span) else {
            continue;
        };
        if cx.schema.tables[id].unlogged {
            let message = format!("`{}` is unlogged: there is nothing to publish", table.value);
            let error = Diagnostic::new(Code::ConflictingKeys, table.span, message);
            cx.report(error.help("remove it, or `unlogged` from the table"));
            continue;
        }
        if let (Some(column), Some(schema)) = (def.columns.first(), of_schemas) {
            let message = "a publication of whole schemas cannot publish some columns of a table";
            let error = Diagnostic::new(Code::ConflictingKeys, column.span, message);
            cx.report(error.label(schema, "whole schemas").help("write two publications"));
            continue;
        }
        if let Some(column) = def.columns.first() {
            needs(cx, 15, "publishing some columns", column.span, "publish the whole table");
        }
        if let Some(predicate) = &def.predicate {
            needs(cx, 15, "publishing some rows", predicate.span, "publish the whole table");
        }
        let columns = known_list(cx, id, &def.columns);
        let predicate = def.predicate.as_ref().map(|predicate| expressions::expr(cx, predicate));
        tables.push(PublicationTable { table: id, columns, predicate });
    }
    let owned = def.owned.map_or_else(|| name != "supabase_realtime", |owned| owned.value);
    let schemas = def.schemas.iter().filter_map(|schema| known_schema(cx, schema)).collect();
    let id = cx.schema.publications.push(Publication {
        name,
        ownership: if owned { Ownership::Owned } else { Ownership::External },
        all_tables: flag(def.all_tables),
        tables,
        schemas,
        operations: def
            .operations
            .iter()
            .map(|operation| match operation.value {
                OperationWord::Insert => Operation::Insert,
                OperationWord::Update => Operation::Update,
                OperationWord::Delete => Operation::Delete,
                OperationWord::Truncate => Operation::Truncate,
            })
            .collect(),
        comment: comment(def.comment.as_ref()),
    });
    cx.origins.set(ObjectId::Publication(id), named.name.span);
}

/// The column that a sequence is dropped with: `table.column`.
pub(super) fn sequence_owners(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for (id, named) in &declared.sequences {
        let Some(owner) = &named.value.owned_by else { continue };
        let Some((table_text, column)) = owner.value.rsplit_once('.') else {
            cx.report(
                Diagnostic::new(
                    Code::UnknownColumn,
                    owner.span,
                    format!("`{}` does not name a column", owner.value),
                )
                .help("write `table.column`"),
            );
            continue;
        };
        let Some(table) =
            references::table(cx, &names::reference(table_text), cx.part(owner, table_text))
        else {
            continue;
        };
        let column = Text::new(column.into(), cx.part(owner, column));
        let Some(column) = super::columns::known(cx, table, &column) else { continue };
        if let Some(sequence) = cx.schema.sequences.get_mut(*id) {
            sequence.owned_by = Some((table, column));
        }
    }
}
