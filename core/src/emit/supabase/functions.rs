//! Functions as PostgREST calls them.
//!
//! In: the functions of one PostgreSQL schema. Out: for each name what a call gives and gets, one
//! signature an overload. Which functions can be called, and which overloads PostgREST cannot choose
//! between, are the rules of Supabase's generator.

use std::collections::BTreeMap;

use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use super::types::{Types, sorted};
use crate::emit::lang::{Type, typescript};
use crate::schema::{
    ArgMode, Argument, ColumnType, Function, FunctionId, FunctionKind, Name, Ownership, PUBLIC,
    QualifiedName, RelationId, Returns, Schema, TypeKind,
};
use crate::sort;
use crate::sql::types::catalog_name;
use crate::sql::{BaseType, ident};

/// Types whose unnamed argument takes the whole body of a request.
const BODIES: [BaseType; 3] = [BaseType::Json, BaseType::Jsonb, BaseType::Text];

/// The built-in types whose overloads meet in practice, in the order of PostgreSQL's numbers for them.
const BY_NUMBER: [BaseType; 22] = [
    BaseType::Boolean,
    BaseType::Bytea,
    BaseType::Name,
    BaseType::Bigint,
    BaseType::Smallint,
    BaseType::Integer,
    BaseType::Text,
    BaseType::Json,
    BaseType::Xml,
    BaseType::Real,
    BaseType::DoublePrecision,
    BaseType::Inet,
    BaseType::Char,
    BaseType::Varchar,
    BaseType::Date,
    BaseType::Time,
    BaseType::Timestamp,
    BaseType::TimestampTz,
    BaseType::Interval,
    BaseType::Numeric,
    BaseType::Uuid,
    BaseType::Jsonb,
];

/// A function that a request can call.
#[derive(Debug, Clone)]
pub(super) struct Callable<'a> {
    pub(super) id: FunctionId,
    pub(super) function: &'a Function,
    inputs: Vec<&'a Argument>,
}

/// The functions of `namespace` by name, overloads together.
pub(super) fn callable<'a>(
    schema: &'a Schema,
    namespace: &Name,
) -> BTreeMap<&'a Name, Vec<Callable<'a>>> {
    let mut named: BTreeMap<&Name, Vec<Callable<'_>>> = BTreeMap::new();
    for (id, function) in schema.functions.iter() {
        let is_here = function.name.schema == *namespace && function.ownership == Ownership::Owned;
        if is_here && function.kind == FunctionKind::Function && !is_trigger(function) {
            let it = Callable { id, function, inputs: function.inputs().collect() };
            if it.is_callable() {
                named.entry(&function.name.name).or_default().push(it);
            }
        }
    }
    named
}

impl<'a> Callable<'a> {
    /// PostgREST gives arguments by name. An unnamed one takes the body of the request or a row.
    fn is_callable(&self) -> bool {
        let takes_body = |arg: &Argument| match &arg.ty {
            ColumnType { kind: TypeKind::Base(ty), dimensions: 0 } => BODIES.contains(&ty.base),
            _ => false,
        };
        self.inputs
            .iter()
            .all(|arg| arg.name.is_some() || (arg.default.is_some() && takes_body(arg)))
            || self.sole_input().is_some_and(|arg| takes_body(arg) || row(&arg.ty).is_some())
    }

    fn sole_input(&self) -> Option<&'a Argument> {
        match self.inputs.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The table or view of whose rows it computes a field.
    pub(super) fn computes_for(&self) -> Option<RelationId> {
        match self.sole_input()?.ty {
            ColumnType { kind: TypeKind::TableRow(id), dimensions: 0 } => {
                Some(RelationId::Table(id))
            }
            ColumnType { kind: TypeKind::ViewRow(id), dimensions: 0 } => Some(RelationId::View(id)),
            _ => None,
        }
    }

    /// What a row of the result is.
    pub(super) fn row_type(&self, types: &Types<'_>) -> Type {
        if let Returns::Table(columns) = &self.function.returns {
            let members = columns.iter().map(|it| (typescript::key(&it.name), types.of(&it.ty)));
            return Type::Object(sorted(members.collect()));
        }
        let Some(ty) = self.result() else {
            let [key, value] = ["string", "unknown"].map(Type::atom);
            return Type::Generic("Record", vec![key, value]);
        };
        let here = |name: &QualifiedName| name.schema == self.function.name.schema;
        let schema = types.schema;
        let columns: Vec<(SmolStr, Type)> = match ty.kind {
            TypeKind::TableRow(id) if !ty.is_array() && here(&schema.tables[id].name) => {
                types.table_columns(&schema.tables[id])
            }
            TypeKind::ViewRow(id) if !ty.is_array() && here(&schema.views[id].name) => {
                types.view_columns(&schema.views[id])
            }
            _ => return types.of(ty),
        };
        Type::Object(columns)
    }

    /// The type that `pg_proc` names as its result; none for a record.
    fn result(&self) -> Option<&'a ColumnType> {
        let function = self.function;
        let mut outputs = function
            .args
            .iter()
            .filter(|arg| matches!(arg.mode, ArgMode::Out | ArgMode::InOut))
            .map(|arg| &arg.ty);
        match (outputs.next(), outputs.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) => None,
            (None, _) => match &function.returns {
                Returns::Value(ty) | Returns::Set(ty) => Some(ty),
                Returns::Table(columns) => match columns.as_slice() {
                    [only] => Some(&only.ty),
                    _ => None,
                },
                Returns::Nothing => None,
            },
        }
    }

    const fn is_set(&self) -> bool {
        matches!(self.function.returns, Returns::Set(_) | Returns::Table(_))
    }

    /// Its signature among `overloads`.
    pub(super) fn signature(&self, types: &Types<'_>, overloads: &[Self]) -> Type {
        let schema = types.schema;
        let to = self.result().and_then(row);
        let many = self.is_set() && self.function.rows.is_none_or(|rows| rows > 1);
        let error = self.conflict(schema, overloads).or_else(|| {
            let arg = self.sole_input().filter(|arg| arg.name.is_none())?;
            (row(&arg.ty).is_some() && to.is_none()).then(|| {
                format!(
                    "the function {} with parameter or with a single unnamed json/jsonb parameter, \
                     but no matches were found in the schema cache",
                    self.full_name()
                )
            })
        });
        let returns = match error {
            Some(message) => {
                let flag = Type::Object(vec![("error".into(), Type::atom("true"))]);
                Type::Both(Box::new(flag), typescript::string(&message))
            }
            None => self.row_type(types),
        };
        // A single row of a relation stays one: supabase-js makes it an array again where it is.
        let returns =
            if self.is_set() && (many || to.is_none()) { returns.array() } else { returns };
        let mut members = vec![("Args".into(), self.args(types)), ("Returns".into(), returns)];
        if let Some(to) = to.and_then(|kind| declared(schema, kind)) {
            let from = self.sole_arg().and_then(row).and_then(|kind| declared(schema, kind));
            let from = from.map_or_else(|| "*".to_owned(), format_type);
            let options = [
                ("from", typescript::string(&from)),
                ("to", typescript::string(&to.name)),
                ("isOneToOne", (!many).to_smolstr()),
                ("isSetofReturn", self.is_set().to_smolstr()),
            ];
            let options = options.map(|(key, code)| (key.into(), Type::atom(code)));
            members.push(("SetofOptions".into(), Type::Object(options.to_vec())));
        }
        Type::Object(members)
    }

    fn args(&self, types: &Types<'_>) -> Type {
        if self.inputs.is_empty() {
            let [key, value] = ["PropertyKey", "never"].map(Type::atom);
            return Type::Generic("Record", vec![key, value]);
        }
        let mut members: Vec<(SmolStr, Type)> = Vec::new();
        for arg in &self.inputs {
            let key = typescript::key(arg.name.as_deref().unwrap_or_default());
            let key = if arg.default.is_some() { format_smolstr!("{key}?") } else { key };
            if !members.iter().any(|(known, _)| *known == key) {
                members.push((key, types.of(&arg.ty)));
            }
        }
        Type::Object(sorted(members))
    }

    /// The only argument of any direction; a result's column counts as one.
    fn sole_arg(&self) -> Option<&'a ColumnType> {
        let columns = match &self.function.returns {
            Returns::Table(columns) => columns.as_slice(),
            Returns::Nothing | Returns::Value(_) | Returns::Set(_) => &[],
        };
        match (self.function.args.as_slice(), columns) {
            ([only], []) => Some(&only.ty),
            ([], [only]) => Some(&only.ty),
            _ => None,
        }
    }

    /// What PostgREST says of overloads that it cannot choose between.
    fn conflict(&self, schema: &Schema, overloads: &[Self]) -> Option<String> {
        let others = overloads.iter().filter(|other| other.id != self.id);
        let name = self.full_name();
        let list = if self.inputs.is_empty() {
            let other = others.into_iter().find(|other| {
                let arg = other.sole_input();
                arg.is_some_and(|arg| arg.name.is_none() && arg.default.is_some())
            })?;
            let ty = other.result().map_or_else(|| "record".to_owned(), |ty| type_name(schema, ty));
            format!("{name}(), {name}( => {ty})")
        } else {
            let own = self.sole_input().filter(|arg| arg.name.is_some())?;
            let mut same: Vec<&Argument> = others
                .filter_map(Self::sole_input)
                .filter(|arg| arg.name == own.name && arg.ty != own.ty)
                .collect();
            if same.is_empty() {
                return None;
            }
            same.insert(0, own);
            sort::by_key(&mut same, |arg| number(&arg.ty));
            let calls = same.iter().map(|arg| {
                let ty = type_name(schema, &arg.ty);
                format!("{name}({} => {ty})", arg.name.as_deref().unwrap_or_default())
            });
            calls.collect::<Vec<_>>().join(", ")
        };
        Some(format!(
            "Could not choose the best candidate function between: {list}. Try renaming the parameters \
             or the function itself in the database so function overloading can be resolved"
        ))
    }

    fn full_name(&self) -> String {
        format!("{}.{}", self.function.name.schema, self.function.name.name)
    }
}

fn is_trigger(function: &Function) -> bool {
    matches!(
        &function.returns,
        Returns::Value(ColumnType { kind: TypeKind::Base(ty), .. })
            if matches!(ty.base, BaseType::Trigger | BaseType::EventTrigger)
    )
}

/// A type that is a row, of a relation or a composite type.
fn row(ty: &ColumnType) -> Option<&TypeKind> {
    let kind = &ty.kind;
    let is_row =
        matches!(kind, TypeKind::TableRow(_) | TypeKind::ViewRow(_) | TypeKind::Composite(_));
    (is_row && !ty.is_array()).then_some(kind)
}

/// The name of a declared type.
fn declared<'s>(schema: &'s Schema, kind: &'s TypeKind) -> Option<&'s QualifiedName> {
    match kind {
        TypeKind::Enum(id) => schema.enums.find(*id).map(|it| &it.name),
        TypeKind::Domain(id) => schema.domains.find(*id).map(|it| &it.name),
        TypeKind::Composite(id) => schema.composites.find(*id).map(|it| &it.name),
        TypeKind::TableRow(id) => schema.tables.find(*id).map(|it| &it.name),
        TypeKind::ViewRow(id) => schema.views.find(*id).map(|it| &it.name),
        TypeKind::Unknown(name) => Some(name),
        TypeKind::Base(_) => None,
    }
}

/// A name as `format_type` writes it.
fn format_type(name: &QualifiedName) -> String {
    if name.schema == PUBLIC {
        ident::quote_ident(&name.name).into_owned()
    } else {
        ident::qualified(&name.schema, &name.name)
    }
}

/// A type's name in `pg_type`.
fn type_name(schema: &Schema, ty: &ColumnType) -> String {
    let name = match &ty.kind {
        TypeKind::Base(base) => catalog_name(base.base),
        kind => declared(schema, kind).map_or("", |name| &name.name),
    };
    if ty.is_array() { format!("_{name}") } else { name.to_owned() }
}

/// Where PostgreSQL's number of a type stands among others.
fn number(ty: &ColumnType) -> usize {
    let known = match &ty.kind {
        TypeKind::Base(base) if !ty.is_array() => {
            BY_NUMBER.iter().position(|known| *known == base.base)
        }
        _ => None,
    };
    known.unwrap_or(BY_NUMBER.len())
}
