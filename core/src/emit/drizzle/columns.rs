//! Columns as builders of drizzle-orm.
//!
//! In: columns. Out: `uuid("id").primaryKey().defaultRandom()`. A type that drizzle-orm has no builder
//! for becomes a custom type of the module.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::names::Names;
use super::{BigintAs, DatesAs, Settings};
use crate::ddl::part;
use crate::emit::lang::layout::{WIDTH, width};
use crate::emit::lang::{Call, Expr, typescript};
use crate::emit::shapes::PlainColumn;
use crate::schema::{
    Column, ColumnType, DefaultValue, GeneratedKind, IdentityKind, Literal, Name, Policy, PolicyId,
    QualifiedName, Schema, SequenceOptions, TableId, TypeKind,
};
use crate::sql::{BaseType, Modifier, PgType};

/// Writes columns, and notes what the module needs for them.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    pub(super) schema: &'a Schema,
    /// The policies of the tables that are not written yet.
    pub(super) policies: FxHashMap<TableId, Vec<(PolicyId, &'a Policy)>>,
    pub(super) settings: Settings,
    /// The keys of all tables' columns.
    pub(super) keys: &'a FxHashMap<TableId, Vec<SmolStr>>,
    /// The builders of columns that are alike, primary keys or not.
    pub(super) laid: FxHashMap<(PlainColumn<'a>, bool), Laid<'a>>,
    pub(super) names: Names,
    /// Names of `drizzle-orm/pg-core`.
    pub(super) imports: BTreeSet<&'static str>,
    /// Names of `drizzle-orm`.
    pub(super) core: BTreeSet<&'static str>,
    /// Types by their SQL: their constants, and their types in TypeScript.
    pub(super) customs: BTreeMap<String, (SmolStr, &'static str)>,
}

/// The builder of columns that are alike.
#[derive(Debug)]
pub(super) struct Laid<'a> {
    /// What stands on one line before the column's name, `uuid(`, and behind it, `).notNull()`; none where
    /// prettier breaks the builder.
    flat: Option<[String; 2]>,
    /// On several lines, by the column's name and where the builder stands.
    broken: FxHashMap<(&'a str, [usize; 2]), String>,
}

impl Laid<'_> {
    /// A builder of the column `name`.
    fn of(code: &Expr, name: &str) -> Self {
        let flat = code.flat();
        let parts =
            flat.split_once(&*typescript::string(name)).filter(|(before, _)| before.ends_with('('));
        let parts = parts.filter(|_| !code.must_break());
        let flat = parts.map(|(before, behind)| [before.into(), behind.into()]);
        Self { flat, broken: FxHashMap::default() }
    }
}

impl<'a> Columns<'a> {
    /// `sql` with this text.
    pub(super) fn sql(&mut self, text: &str) -> Expr {
        self.core.insert("sql");
        Expr::atom(typescript::template("sql", &one_line(text)))
    }

    /// An import of `drizzle-orm/pg-core`, as a call.
    pub(super) fn call(&mut self, name: &'static str, args: Vec<Expr>) -> Expr {
        self.imports.insert(name);
        Expr::call(SmolStr::new_static(name), "", args)
    }

    /// Writes ` builder` of a column behind its key, which ends the line at `start`.
    pub(super) fn write(
        &mut self,
        out: &mut String,
        column: &'a Column,
        is_primary: bool,
        [indent, start]: [usize; 2],
    ) {
        let Some(plain) = PlainColumn::of(column) else {
            return self.column(column, is_primary).write_assigned(out, indent, start, 1);
        };
        let said = (plain, is_primary);
        let place = (column.name.as_str(), [indent, start]);
        if let Some(laid) = self.laid.get(&said) {
            let line = out.len();
            if let Some([before, behind]) = &laid.flat {
                out.extend([" ", before]);
                typescript::push_string(out, &column.name);
                out.push_str(behind);
                if start + out.get(line..).map_or(0, width) < WIDTH {
                    return;
                }
                out.truncate(line);
            }
            if let Some(broken) = laid.broken.get(&place) {
                return out.push_str(broken);
            }
        }
        let code = self.column(column, is_primary);
        let line = out.len();
        code.write_assigned(out, indent, start, 1);
        let written = out.get(line..).unwrap_or_default();
        let laid = self.laid.entry(said).or_insert_with(|| Laid::of(&code, &column.name));
        if laid.flat.is_none() || written.contains('\n') {
            laid.broken.insert(place, written.to_owned());
        }
    }

    /// The whole builder of a column.
    fn column(&mut self, column: &Column, is_primary: bool) -> Expr {
        let mut code = self.typed(&column.name, &column.ty, column.serial);
        if is_primary {
            code = code.then("primaryKey", Vec::new());
        }
        if let Some(identity) = &column.identity {
            let name = match identity.kind {
                IdentityKind::Always => "generatedAlwaysAsIdentity",
                IdentityKind::ByDefault => "generatedByDefaultAsIdentity",
            };
            code = code.then(name, sequence_options(&identity.sequence));
        }
        let implied = is_primary || column.identity.is_some() || column.serial;
        if !column.nullable && !implied {
            code = code.then("notNull", Vec::new());
        }
        if let Some(default) = &column.default {
            code = self.defaulted(code, default, &column.ty);
        }
        if let Some(generated) = &column.generated
            && generated.kind == GeneratedKind::Stored
        {
            let text = part::expression(&generated.expr);
            let text = self.sql(&text);
            code = code.then("generatedAlwaysAs", vec![text]);
        }
        code
    }

    /// The builder of a type.
    pub(super) fn typed(&mut self, name: &Name, ty: &ColumnType, serial: bool) -> Expr {
        let name = text(name);
        let mut code = match &ty.kind {
            TypeKind::Base(base) if serial => self.serial(base.base, name),
            TypeKind::Base(base) => match self.builder(base) {
                Some((builder, options)) => {
                    let args = std::iter::once(name).chain(options).collect();
                    self.call(builder, args)
                }
                None => self.custom(ty, data_of(base.base), name),
            },
            TypeKind::Enum(id) => {
                let constant = self.names.of("Enum", &self.schema.enums[*id].name);
                Expr::Chain(constant, vec![Call::new("", vec![name])])
            }
            TypeKind::Domain(id) => {
                let data = self.domain_data(&self.schema.domains[*id].base);
                self.custom(ty, data, name)
            }
            TypeKind::Composite(_)
            | TypeKind::TableRow(_)
            | TypeKind::ViewRow(_)
            | TypeKind::Unknown(_) => self.custom(ty, "string", name),
        };
        for _ in 0..ty.dimensions {
            code = code.then("array", Vec::new());
        }
        code
    }

    fn serial(&mut self, base: BaseType, name: Expr) -> Expr {
        match base {
            BaseType::Smallint => self.call("smallserial", vec![name]),
            BaseType::Bigint => {
                let mode = self.bigint_mode();
                self.call("bigserial", vec![name, mode])
            }
            _ => self.call("serial", vec![name]),
        }
    }

    fn bigint_mode(&self) -> Expr {
        let mode = match self.settings.bigint {
            BigintAs::Number => "number",
            BigintAs::Bigint => "bigint",
        };
        options([("mode", text(mode))])
    }

    /// drizzle-orm's own builder, and its options.
    fn builder(&self, ty: &PgType) -> Option<(&'static str, Option<Expr>)> {
        let number = |value: u32| Expr::atom(value.to_string());
        let precision = match ty.modifier {
            Modifier::Precision(digits) => Some(("precision", number(u32::from(digits)))),
            _ => None,
        };
        let given =
            |entries: Vec<(&'static str, Expr)>| (!entries.is_empty()).then(|| options(entries));
        Some(match (ty.base, &ty.modifier) {
            (BaseType::Smallint, _) => ("smallint", None),
            (BaseType::Integer, _) => ("integer", None),
            (BaseType::Bigint, _) => ("bigint", Some(self.bigint_mode())),
            (BaseType::Numeric, Modifier::Numeric { precision, scale }) => {
                let digits = number(u32::from(*precision));
                let scale = Expr::atom(scale.to_string());
                ("numeric", Some(options([("precision", digits), ("scale", scale)])))
            }
            (BaseType::Numeric, _) => ("numeric", None),
            (BaseType::Real, _) => ("real", None),
            (BaseType::DoublePrecision, _) => ("doublePrecision", None),
            (BaseType::Text, _) => ("text", None),
            (BaseType::Varchar, Modifier::Length(length)) => {
                ("varchar", given(vec![("length", number(*length))]))
            }
            (BaseType::Varchar, _) => ("varchar", None),
            (BaseType::Char, Modifier::Length(length)) => {
                ("char", given(vec![("length", number(*length))]))
            }
            (BaseType::Boolean, _) => ("boolean", None),
            (BaseType::Date, _) => ("date", None),
            (BaseType::Time, _) => ("time", given(precision.into_iter().collect())),
            (BaseType::TimeTz, _) => {
                let zone = Some(("withTimezone", Expr::atom("true")));
                ("time", given(zone.into_iter().chain(precision).collect()))
            }
            (BaseType::Timestamp | BaseType::TimestampTz, _) => {
                let zone = (ty.base == BaseType::TimestampTz)
                    .then(|| ("withTimezone", Expr::atom("true")));
                let mode =
                    (self.settings.dates == DatesAs::String).then(|| ("mode", text("string")));
                ("timestamp", given(zone.into_iter().chain(precision).chain(mode).collect()))
            }
            (BaseType::Interval, Modifier::None) => ("interval", None),
            (BaseType::Uuid, _) => ("uuid", None),
            (BaseType::Json, _) => ("json", None),
            (BaseType::Jsonb, _) => ("jsonb", None),
            (BaseType::Inet, _) => ("inet", None),
            (BaseType::Cidr, _) => ("cidr", None),
            (BaseType::Macaddr, _) => ("macaddr", None),
            (BaseType::Macaddr8, _) => ("macaddr8", None),
            (BaseType::Point, _) => ("point", None),
            (BaseType::Line, _) => ("line", None),
            (BaseType::Vector, Modifier::Dimensions(size)) => {
                ("vector", given(vec![("dimensions", number(*size))]))
            }
            (BaseType::Halfvec, Modifier::Dimensions(size)) => {
                ("halfvec", given(vec![("dimensions", number(*size))]))
            }
            (BaseType::Sparsevec, Modifier::Dimensions(size)) => {
                ("sparsevec", given(vec![("dimensions", number(*size))]))
            }
            (BaseType::Bit, Modifier::Length(size)) => {
                ("bit", given(vec![("dimensions", number(*size))]))
            }
            _ => return None,
        })
    }

    fn custom(&mut self, ty: &ColumnType, data: &'static str, name: Expr) -> Expr {
        let element = ColumnType { kind: ty.kind.clone(), dimensions: 0 };
        let sql = match declared(self.schema, &ty.kind) {
            // drizzle-kit puts the whole name into quotes.
            Some(name) if name.is_public() => name.name.to_string(),
            Some(name) => format!("{}\".\"{}", name.schema, name.name),
            // It takes `char` for the type of one character.
            None if matches!(&ty.kind, TypeKind::Base(it) if it.base == BaseType::InternalChar) => {
                "pg_catalog\".\"char".to_owned()
            }
            // What it does not know by its first word is quoted too, with its parentheses.
            None => part::data_type(self.schema, &element).replace("varbit(", "bit varying("),
        };
        let words = declared(self.schema, &ty.kind)
            .map_or_else(|| QualifiedName::new(crate::schema::PUBLIC, sql.as_str()), Clone::clone);
        let constant = self.names.of("Type", &words);
        self.imports.insert("customType");
        self.customs.insert(sql, (constant.clone(), data));
        Expr::Chain(constant, vec![Call::new("", vec![name])])
    }

    fn domain_data(&self, base: &ColumnType) -> &'static str {
        match &base.kind {
            _ if base.is_array() => "unknown[]",
            TypeKind::Base(ty) => data_of(ty.base),
            TypeKind::Domain(id) => {
                self.schema.domains.find(*id).map_or("string", |it| self.domain_data(&it.base))
            }
            _ => "string",
        }
    }

    fn defaulted(&mut self, code: Expr, default: &DefaultValue, ty: &ColumnType) -> Expr {
        let base = match (&ty.kind, ty.dimensions) {
            (TypeKind::Base(base), 0) => Some(base.base),
            _ => None,
        };
        let is_enum = matches!((&ty.kind, ty.dimensions), (TypeKind::Enum(_), 0));
        let plain = match default {
            DefaultValue::Literal(Literal::Bool(value)) if base == Some(BaseType::Boolean) => {
                Some(Expr::atom(value.to_string()))
            }
            DefaultValue::Literal(Literal::Number(digits)) if is_number(base) => {
                digits.parse::<i32>().ok().map(|value| Expr::atom(value.to_string()))
            }
            DefaultValue::Literal(Literal::Text(value))
                if is_enum
                    || matches!(
                        base,
                        Some(BaseType::Text | BaseType::Varchar | BaseType::Char)
                    ) =>
            {
                Some(text(value.as_str()))
            }
            DefaultValue::Literal(Literal::Null) => return code,
            DefaultValue::Literal(_) => None,
            DefaultValue::Expr(expr) => {
                let normalized = expr.tree.as_ref().map_or("", |tree| tree.normalized());
                match (normalized, base) {
                    ("gen_random_uuid()", Some(BaseType::Uuid)) => {
                        return code.then("defaultRandom", Vec::new());
                    }
                    (
                        "now()",
                        Some(
                            BaseType::Timestamp
                            | BaseType::TimestampTz
                            | BaseType::Date
                            | BaseType::Time,
                        ),
                    ) => return code.then("defaultNow", Vec::new()),
                    _ => None,
                }
            }
        };
        let value = plain.unwrap_or_else(|| {
            let text = part::default(self.schema, default);
            self.sql(&text)
        });
        code.then("default", vec![value])
    }
}

/// The options of a sequence, or of the one behind an identity; no argument where there are none.
pub(super) fn sequence_options(given: &SequenceOptions) -> Vec<Expr> {
    let numbers = [
        ("startWith", given.start),
        ("increment", given.increment),
        ("minValue", given.min),
        ("maxValue", given.max),
        ("cache", given.cache),
    ];
    // A text, since JavaScript's numbers do not hold all of them.
    let number = |value: i64| match i32::try_from(value) {
        Ok(value) => Expr::atom(value.to_string()),
        Err(_) => text(value.to_string()),
    };
    let mut entries: Vec<(&str, Expr)> =
        numbers.iter().filter_map(|(key, value)| Some((*key, number((*value)?)))).collect();
    if given.cycle {
        entries.push(("cycle", Expr::atom("true")));
    }
    if entries.is_empty() { Vec::new() } else { vec![options(entries)] }
}

/// `{ key: value }`.
pub(super) fn options(entries: impl IntoIterator<Item = (&'static str, Expr)>) -> Expr {
    let entries = entries.into_iter().map(|(key, value)| (SmolStr::new_static(key), value));
    Expr::Object(entries.collect())
}

/// A string literal.
pub(super) fn text(value: impl Into<SmolStr>) -> Expr {
    Expr::Text(value.into())
}

/// SQL on one line where line breaks mean nothing.
fn one_line(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.contains('\n') {
        return text.into();
    }
    let holds_breaks = text.contains("--")
        || text.contains("$$")
        || text.lines().any(|line| line.matches(['\'', '"']).count() % 2 == 1);
    if holds_breaks {
        text.into()
    } else {
        text.lines().map(str::trim).collect::<Vec<_>>().join(" ").into()
    }
}

fn declared<'s>(schema: &'s Schema, kind: &'s TypeKind) -> Option<&'s QualifiedName> {
    match kind {
        TypeKind::Enum(id) => Some(&schema.enums[*id].name),
        TypeKind::Domain(id) => Some(&schema.domains[*id].name),
        TypeKind::Composite(id) => Some(&schema.composites[*id].name),
        TypeKind::TableRow(id) => Some(&schema.tables[*id].name),
        TypeKind::ViewRow(id) => Some(&schema.views[*id].name),
        TypeKind::Unknown(name) => Some(name),
        TypeKind::Base(_) => None,
    }
}

const fn is_number(base: Option<BaseType>) -> bool {
    matches!(
        base,
        Some(BaseType::Smallint | BaseType::Integer | BaseType::Real | BaseType::DoublePrecision)
    )
}

/// What a driver gives for a type without a builder.
const fn data_of(base: BaseType) -> &'static str {
    match base {
        BaseType::Bytea => "Uint8Array",
        BaseType::Boolean => "boolean",
        BaseType::Smallint
        | BaseType::Integer
        | BaseType::Real
        | BaseType::DoublePrecision
        | BaseType::Oid => "number",
        BaseType::Json | BaseType::Jsonb => "unknown",
        _ => "string",
    }
}
