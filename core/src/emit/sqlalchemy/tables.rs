//! What a table demands: constraints and indexes.
//!
//! In: a table. Out: the arguments of its `__table_args__`, each with its name.

use super::columns::{sql, text};
use crate::emit::EmitInput;
use crate::emit::lang::{Brackets, Py, python};
use crate::emit::shapes::alembic::{Circles, is_plain};
use crate::schema::{
    Constraint, ConstraintKind, Deferrability, Exclusion, ForeignKey, Index, IndexElement,
    IndexTarget, Name, NullsOrder, ObjectId, QualifiedName, RefAction, Schema, SortOrder, TableId,
};
use crate::sql::ident::quote_ident;

/// The constraints and indexes of a table; without a check whose function needs the table, so that nobody can
/// create both at once.
pub(super) fn arguments(input: &EmitInput<'_>, circles: &Circles, id: TableId) -> Vec<Py> {
    let schema = input.schema;
    let table = &schema.tables[id];
    let is_circular = |key: &ForeignKey| circles.has(id, key.target);
    let constraints = (0..).zip(&table.constraints);
    let early = constraints.filter(|(at, _)| !input.order.is_late(ObjectId::Constraint(id, *at)));
    let mut args: Vec<Py> = early.map(|(_, it)| constraint(schema, it, is_circular)).collect();
    args.extend(table.indexes.iter().map(index));
    args
}

/// `{"schema": …, "comment": …}`; none where there is nothing to say.
pub(super) fn settings(name: &QualifiedName, comment: Option<&str>) -> Vec<(&'static str, Py)> {
    let mut settings = Vec::new();
    if !name.is_public() {
        settings.push(("schema", Py::string(&name.schema)));
    }
    if let Some(comment) = comment {
        settings.push(("comment", Py::string(comment)));
    }
    settings
}

fn strings(names: &[Name]) -> Vec<Py> {
    names.iter().map(Py::string).collect()
}

fn list(items: Vec<Py>) -> Py {
    Py::List("".into(), Brackets::Square, items)
}

fn flag(name: &'static str) -> Py {
    Py::named(name, Py::atom("True"))
}

fn constraint(schema: &Schema, it: &Constraint, is_circular: impl Fn(&ForeignKey) -> bool) -> Py {
    let name = Py::named("name", Py::string(&it.name));
    let (head, mut args) = match &it.kind {
        ConstraintKind::PrimaryKey { columns } => {
            ("sa.PrimaryKeyConstraint", [strings(columns), vec![name]].concat())
        }
        ConstraintKind::Unique { columns, nulls_not_distinct } => {
            let mut args = [strings(columns), vec![name]].concat();
            if *nulls_not_distinct {
                args.push(flag("postgresql_nulls_not_distinct"));
            }
            ("sa.UniqueConstraint", args)
        }
        ConstraintKind::Check { expr } => ("sa.CheckConstraint", vec![sql(&expr.text), name]),
        ConstraintKind::ForeignKey(key) => {
            let mut args = foreign_key(schema, key, name);
            if is_circular(key) {
                args.push(flag("use_alter"));
            }
            ("sa.ForeignKeyConstraint", args)
        }
        ConstraintKind::Exclude(exclusion) => {
            let Exclusion { method, elements, predicate } = exclusion.as_ref();
            let element = |it: &crate::schema::ExclusionElement| {
                let target = match &it.target {
                    IndexTarget::Column(name) => Py::call("sa.column", vec![Py::string(name)]),
                    IndexTarget::Expr(expr) => text(&expr.text),
                };
                Py::List("".into(), Brackets::Round, vec![target, Py::string(it.operator.clone())])
            };
            let mut args: Vec<Py> = elements.iter().map(element).collect();
            args.extend([name, Py::named("using", Py::string(method))]);
            args.extend(predicate.as_ref().map(|it| Py::named("where", text(&it.text))));
            ("pg.ExcludeConstraint", args)
        }
    };
    match it.deferrable {
        Deferrability::NotDeferrable => {}
        Deferrability::Deferrable => args.push(flag("deferrable")),
        Deferrability::InitiallyDeferred => {
            args.extend([flag("deferrable"), Py::named("initially", Py::atom("\"DEFERRED\""))]);
        }
    }
    if it.not_valid {
        args.push(flag("postgresql_not_valid"));
    }
    Py::call(head, args)
}

fn foreign_key(schema: &Schema, key: &ForeignKey, name: Py) -> Vec<Py> {
    let target = &schema.tables[key.target].name;
    let prefix = target.shown();
    let targets = key.target_columns.iter().map(|name| Py::string([&*prefix, ".", name].concat()));
    let mut args = vec![list(strings(&key.columns)), list(targets.collect()), name];
    let actions = [("ondelete", key.on_delete), ("onupdate", key.on_update)];
    for (event, action) in actions {
        let words = match action {
            RefAction::NoAction => continue,
            RefAction::Restrict => "RESTRICT",
            RefAction::Cascade => "CASCADE",
            RefAction::SetNull => "SET NULL",
            RefAction::SetDefault => "SET DEFAULT",
        };
        let columns: Vec<_> = key.set_columns.iter().map(|name| quote_ident(name)).collect();
        let words = if event == "ondelete" && !columns.is_empty() {
            Py::string(format!("{words} ({})", columns.join(", ")))
        } else {
            Py::string(words)
        };
        args.push(Py::named(event, words));
    }
    if key.match_full {
        args.push(Py::named("match", Py::atom("\"FULL\"")));
    }
    args
}

fn index(it: &Index) -> Py {
    let mut args = vec![Py::string(&it.name)];
    args.extend(it.elements.iter().map(element));
    if it.unique {
        args.push(flag("unique"));
    }
    if it.method != "btree" {
        args.push(Py::named("postgresql_using", Py::string(&it.method)));
    }
    let ops: Vec<Py> = it
        .elements
        .iter()
        .filter(|element| is_plain(element))
        .filter_map(|element| match (&element.target, &element.opclass) {
            (IndexTarget::Column(name), Some(opclass)) => {
                Some(Py::Entry(python::string(name), Box::new(Py::string(opclass.as_str()))))
            }
            _ => None,
        })
        .collect();
    if !ops.is_empty() {
        args.push(Py::named("postgresql_ops", Py::List("".into(), Brackets::Curly, ops)));
    }
    if !it.include.is_empty() {
        args.push(Py::named("postgresql_include", list(strings(&it.include))));
    }
    if it.nulls_not_distinct {
        args.push(flag("postgresql_nulls_not_distinct"));
    }
    if !it.with.is_empty() {
        let with = it.with.iter();
        let with = with.map(|(name, value)| {
            Py::Entry(python::string(name), Box::new(Py::string(value.clone())))
        });
        let with = Py::List("".into(), Brackets::Curly, with.collect());
        args.push(Py::named("postgresql_with", with));
    }
    if let Some(predicate) = &it.predicate {
        args.push(Py::named("postgresql_where", text(&predicate.text)));
    }
    Py::call("sa.Index", args)
}

fn element(it: &IndexElement) -> Py {
    if let (IndexTarget::Column(name), true) = (&it.target, is_plain(it)) {
        return Py::string(name);
    }
    let mut out = match &it.target {
        IndexTarget::Column(name) => quote_ident(name).into_owned(),
        IndexTarget::Expr(expr) => format!("({})", expr.text),
    };
    if let Some(collation) = &it.collation {
        out.push_str(" COLLATE ");
        out.push_str(&quote_ident(&collation.name));
    }
    if let Some(opclass) = &it.opclass {
        out.push(' ');
        out.push_str(opclass);
    }
    out.push_str(match it.order {
        Some(SortOrder::Desc) => " DESC",
        Some(SortOrder::Asc) | None => "",
    });
    let usual =
        if it.order == Some(SortOrder::Desc) { NullsOrder::First } else { NullsOrder::Last };
    out.push_str(match it.nulls {
        Some(nulls) if nulls != usual => match nulls {
            NullsOrder::First => " NULLS FIRST",
            NullsOrder::Last => " NULLS LAST",
        },
        Some(_) | None => "",
    });
    text(&out)
}
