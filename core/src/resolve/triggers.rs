//! Triggers, of tables and views, at top level and inside.

use super::columns::known_list;
use super::constraints::deferrability;
use super::declare::{Declared, comment, flag};
use super::functions::{function_name, is_trigger};
use super::{Resolver, errors, expressions, names, references};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::grammar::{LevelWord, StateWord, Text, TimingWord, TriggerDef};
use crate::schema::{
    FunctionRef, Name, ObjectId, Ownership, PUBLIC, QualifiedName, RelationId, Trigger,
    TriggerEvent, TriggerLevel, TriggerState, TriggerTiming, Volatility,
};
use crate::source::Span;
use crate::sql::builtins;
use crate::sql::expr::ColumnRef;
use crate::sql::ident::default_name;
use crate::syntax::ScalarKind;

/// Resolves all triggers.
pub(super) fn triggers(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for table in &declared.tables {
        for def in &table.triggers {
            inside(cx, def, RelationId::Table(table.id));
        }
    }
    for (id, named) in &declared.views {
        for def in &named.value.triggers {
            inside(cx, def, RelationId::View(*id));
        }
    }
    for (file, ownership) in &declared.files {
        for named in &file.triggers {
            if *ownership == Ownership::Owned {
                top_level(cx, &named.name, &named.value);
            }
        }
    }
}

/// A trigger inside its relation: a `table` that is given must agree.
fn inside(cx: &mut Resolver<'_>, def: &TriggerDef, on: RelationId) {
    if let Some(table) = &def.table {
        let own = cx.schema.relation_name(on);
        if names::reference(&table.value) != *own {
            let message =
                format!("this trigger stands inside `{own}` and names the table `{}`", table.value);
            cx.report(
                Diagnostic::new(Code::TriggerTable, table.span, message)
                    .help("remove `table`, or move the trigger to the section `triggers`"),
            );
            return;
        }
    }
    trigger(cx, def, def.name.as_ref(), def.span, on);
}

fn top_level(cx: &mut Resolver<'_>, key: &Text, def: &TriggerDef) {
    let Some(table) = &def.table else {
        cx.report(
            Diagnostic::new(Code::MissingKey, key.span, "a trigger needs `table`")
                .help("add `table`: the table or view that it is on"),
        );
        return;
    };
    let name = names::reference(&table.value);
    let on = match cx.names.relation(&name) {
        Some(relation) => relation,
        None => match references::table(cx, &name, table.span) {
            Some(id) => RelationId::Table(id),
            None => return,
        },
    };
    let given = def.name.as_ref().unwrap_or(key);
    trigger(cx, def, Some(given), key.span, on);
}

fn trigger(
    cx: &mut Resolver<'_>,
    def: &TriggerDef,
    given: Option<&Text>,
    place: Span,
    on: RelationId,
) {
    let Some(written) = &def.function else { return };
    let Some(function) = function(cx, written) else { return };
    let Some(events) = events(cx, def, on) else { return };
    let timing = match def.timing.map(|timing| timing.value) {
        Some(TimingWord::After) => TriggerTiming::After,
        Some(TimingWord::InsteadOf) => TriggerTiming::InsteadOf,
        // A constraint trigger is always an AFTER trigger.
        None if flag(def.constraint) => TriggerTiming::After,
        Some(TimingWord::Before) | None => TriggerTiming::Before,
    };
    let level = match def.for_each.map(|level| level.value) {
        Some(LevelWord::Statement) => TriggerLevel::Statement,
        None if events.contains(&TriggerEvent::Truncate) => TriggerLevel::Statement,
        Some(LevelWord::Row) | None => TriggerLevel::Row,
    };
    let name = name(cx, given, on, &function);
    let condition = def.condition.as_ref().map(|condition| expressions::expr(cx, condition));
    let (old_table, new_table) = def.referencing.as_ref().map_or((None, None), |tables| {
        let name =
            |written: &Option<Text>| written.as_ref().map(|name| Name::new(name.value.clone()));
        (name(&tables.old), name(&tables.new))
    });
    let deferrable = deferrability(cx, def.deferrable, def.initially_deferred);
    let trigger = Trigger {
        name,
        on,
        timing,
        events,
        level,
        condition,
        function,
        args: def
            .args
            .iter()
            .map(|arg| {
                if arg.value.kind == ScalarKind::Null {
                    "null".into()
                } else {
                    arg.value.text.clone()
                }
            })
            .collect(),
        state: match def.enabled.map(|state| state.value) {
            Some(StateWord::Always) => TriggerState::Always,
            Some(StateWord::Replica) => TriggerState::Replica,
            Some(StateWord::Disabled) => TriggerState::Disabled,
            None => TriggerState::Origin,
        },
        constraint: flag(def.constraint),
        deferrable,
        old_table,
        new_table,
        comment: comment(def.comment.as_ref()),
    };
    if !fits(cx, def, &trigger) || !condition_fits(cx, &trigger) {
        return;
    }
    if let Some(first) = cx.names.trigger(on, trigger.name.clone()) {
        let first = cx.origins.of(ObjectId::Trigger(first));
        let span = given.map_or(place, |name| name.span);
        cx.report(errors::duplicate("trigger", &trigger.name, span, first));
        return;
    }
    let name = trigger.name.clone();
    let id = cx.schema.triggers.push(trigger);
    cx.names.insert_trigger(on, name, id);
    cx.origins.set(ObjectId::Trigger(id), given.map_or(place, |name| name.span));
}

/// The given name, or `TABLE_FUNCTION`, numbered where the table has one of that name.
fn name(
    cx: &mut Resolver<'_>,
    given: Option<&Text>,
    on: RelationId,
    function: &FunctionRef,
) -> Name {
    if let Some(given) = given {
        if let Some(error) = names::invalid(&given.value, given.span) {
            cx.report(error);
        }
        return Name::new(given.value.clone());
    }
    let relation = cx.schema.relation_name(on).name.clone();
    let function = match function {
        FunctionRef::Declared(id) => cx.schema.functions[*id].name.name.clone(),
        FunctionRef::Known(name) => name.name.clone(),
    };
    numbered(&relation, &function, |name| cx.names.trigger(on, Name::new(name)).is_some())
}

/// `FIRST_SECOND`, cut at 63 bytes, with a number where that is taken.
pub(super) fn numbered(first: &str, second: &str, taken: impl Fn(&str) -> bool) -> Name {
    let mut name = default_name(first, &[], second);
    let mut pass = 1;
    while taken(&name) {
        pass += 1;
        name = default_name(first, &[], &format!("{second}_{pass}"));
    }
    Name::new(name)
}

/// Trigger functions that PostgreSQL and Supabase bring.
const KNOWN: &[(&str, &str)] = &[
    ("pg_catalog", "suppress_redundant_updates_trigger"),
    ("pg_catalog", "tsvector_update_trigger"),
    ("pg_catalog", "tsvector_update_trigger_column"),
    ("supabase_functions", "http_request"),
];

fn function(cx: &mut Resolver<'_>, written: &Text) -> Option<FunctionRef> {
    let name = function_name(&written.value);
    let overloads = cx.names.functions(&name);
    let of_triggers =
        overloads.iter().copied().find(|id| is_trigger(&cx.schema.functions[*id].returns));
    if let Some(id) = of_triggers {
        let function = &cx.schema.functions[id];
        if function.volatility != Volatility::Volatile && function.ownership == Ownership::Owned {
            let message = format!(
                "the trigger function `{name}` is {}",
                match function.volatility {
                    Volatility::Immutable => "immutable",
                    Volatility::Stable | Volatility::Volatile => "stable",
                }
            );
            if let Some(place) = cx.origins.of(ObjectId::Function(id)) {
                cx.report(
                    Diagnostic::new(Code::TriggerVolatility, place, message)
                        .help("remove `volatility`")
                        .note("a function that is not volatile does not see what its own statement changed"),
                );
            }
        }
        return Some(FunctionRef::Declared(id));
    }
    if let Some(id) = overloads.first().copied() {
        let returns = "a trigger's function has no arguments and returns `trigger`";
        let mut error = Diagnostic::new(
            Code::TriggerFunction,
            written.span,
            format!("`{name}` is not a trigger function"),
        )
        .help(returns);
        if let Some(place) = cx.origins.of(ObjectId::Function(id)) {
            error = error.label(place, "the function");
        }
        cx.report(error);
        return None;
    }
    let known = KNOWN.iter().find(|(schema, known)| {
        name.name == *known && (name.is_public() || name.schema == *schema)
    });
    if let Some((schema, known)) = known {
        return Some(FunctionRef::Known(QualifiedName::new(*schema, *known)));
    }
    if cx.is_foreign(&name) {
        return Some(FunctionRef::Known(name));
    }
    let extension = builtins::function(&name.name).filter(|_| name.is_public());
    let extension = extension.and_then(|it| it.extension);
    if let Some(extension) = cx.schema.extensions.values().find(|it| extension == Some(&*it.name)) {
        let schema = extension.schema.clone().unwrap_or_else(|| Name::new(PUBLIC));
        return Some(FunctionRef::Known(QualifiedName::new(schema, name.name)));
    }
    let error = Diagnostic::new(
        Code::UnknownFunction,
        written.span,
        format!("there is no function `{name}`"),
    );
    let close = cx.names.closest_function(&name);
    let error = match close {
        Some(close) => error.help(format!("did you mean `{close}`?")).fix(
            format!("change it to `{close}`"),
            crate::diagnostic::Safety::Suggestion,
            written.span,
            close,
        ),
        None if name.name.ends_with(')') => {
            error.help("name it alone, and list what it is given: `args: [updated_at]`")
        }
        None => error.help(format!("define `{name}` under `functions`")),
    };
    cx.report_missing(&name, error);
    None
}

/// What fires a trigger.
pub(crate) const EVENTS: [&str; 4] = ["insert", "update", "delete", "truncate"];

/// `insert`, `update`, `update of a, b`, `delete`, `truncate`, also joined by `or`.
fn events(cx: &mut Resolver<'_>, def: &TriggerDef, on: RelationId) -> Option<Vec<TriggerEvent>> {
    let mut events: Vec<TriggerEvent> = Vec::new();
    for written in &def.events {
        let lower = written.value.to_lowercase();
        for part in lower.split(" or ") {
            let event = match part.trim() {
                "insert" => TriggerEvent::Insert,
                "delete" => TriggerEvent::Delete,
                "truncate" => TriggerEvent::Truncate,
                "update" => TriggerEvent::Update(Vec::new()),
                other => {
                    if other.strip_prefix("update of ").is_none() {
                        let error = Diagnostic::new(
                            Code::UnknownWord,
                            written.span,
                            format!("`{other}` is not an event"),
                        );
                        cx.report(match closest(other, EVENTS) {
                            Some(close) => error.help(format!("did you mean `{close}`?")),
                            None => error
                                .help("use insert, update, `update of a, b`, delete or truncate"),
                        });
                        return None;
                    }
                    TriggerEvent::Update(update_of(cx, written, on)?)
                }
            };
            if events.contains(&event) {
                let message = format!("the event `{}` stands twice", part.trim());
                cx.report(
                    Diagnostic::new(Code::DuplicateLabel, written.span, message)
                        .help("remove one of the two"),
                );
                continue;
            }
            events.push(event);
        }
    }
    // That there is none was reported.
    (!events.is_empty()).then_some(events)
}

/// The columns of `update of a, b`, in the user's spelling.
fn update_of(cx: &mut Resolver<'_>, written: &Text, on: RelationId) -> Option<Vec<Name>> {
    let at = written.value.to_lowercase().find("update of ")? + "update of ".len();
    let list = written.value.get(at..)?;
    let list = list.split(" or ").next()?;
    let columns: Vec<Text> = list
        .split(',')
        .map(|name| name.trim().trim_matches('"'))
        .map(|name| Text::new(name.into(), cx.part(written, name)))
        .collect();
    match on {
        RelationId::Table(id) if !cx.schema.tables[id].columns.is_empty() => {
            let known = known_list(cx, id, &columns);
            (known.len() == columns.len()).then_some(known)
        }
        RelationId::Table(_) | RelationId::View(_) => Some(super::declare::names_of(&columns)),
    }
}

/// What PostgreSQL would refuse (CREATE TRIGGER).
fn fits(cx: &mut Resolver<'_>, def: &TriggerDef, trigger: &Trigger) -> bool {
    let on_view = matches!(trigger.on, RelationId::View(_));
    let truncate = trigger.events.contains(&TriggerEvent::Truncate);
    let timing_span = def.timing.map_or(def.span, |timing| timing.span);
    let level_span = def.for_each.map_or(def.span, |level| level.span);
    let events_span = def.events.first().map_or(def.span, |event| event.span);
    let names_columns = trigger
        .events
        .iter()
        .any(|event| matches!(event, TriggerEvent::Update(columns) if !columns.is_empty()));
    let is_partitioned = match trigger.on {
        RelationId::Table(id) => cx.schema.tables[id].partitioning.is_some(),
        RelationId::View(_) => false,
    };
    let transition = trigger.old_table.is_some() || trigger.new_table.is_some();
    let problem = match (trigger.timing, trigger.level) {
        (TriggerTiming::InsteadOf, _) if !on_view => Some((
            timing_span,
            "only a view can have an `instead_of` trigger",
            "use `before` or `after`",
        )),
        (TriggerTiming::InsteadOf, TriggerLevel::Statement) => {
            Some((level_span, "an `instead_of` trigger fires for each row", "use `for_each: row`"))
        }
        (TriggerTiming::InsteadOf, _) if trigger.condition.is_some() => {
            Some((def.span, "an `instead_of` trigger has no condition", "test it in the function"))
        }
        (TriggerTiming::Before | TriggerTiming::After, TriggerLevel::Row) if on_view => Some((
            timing_span,
            "on a view, a row trigger is `instead_of`",
            "use `timing: instead_of`",
        )),
        (_, TriggerLevel::Row) if truncate => Some((
            level_span,
            "a `truncate` trigger fires for each statement",
            "use `for_each: statement`",
        )),
        (TriggerTiming::Before, _) if transition => Some((
            timing_span,
            "only an `after` trigger has transition tables",
            "use `timing: after`",
        )),
        (_, TriggerLevel::Row) if transition && is_partitioned => Some((
            level_span,
            "on a partitioned table, only a statement trigger has transition tables",
            "use `for_each: statement`",
        )),
        _ if transition && trigger.events.len() > 1 => Some((
            events_span,
            "a trigger with transition tables has one event",
            "write a trigger for each event",
        )),
        _ if transition && names_columns => Some((
            events_span,
            "a trigger with transition tables does not name columns",
            "use `update`, and compare the rows in the function",
        )),
        (TriggerTiming::InsteadOf, _) if names_columns => Some((
            events_span,
            "an `instead_of` trigger does not name columns",
            "use `update`, and compare the rows in the function",
        )),
        _ if trigger.constraint
            && (trigger.timing != TriggerTiming::After || trigger.level != TriggerLevel::Row) =>
        {
            Some((
                timing_span,
                "a constraint trigger fires after each row",
                "use `timing: after` and `for_each: row`",
            ))
        }
        _ => None,
    };
    let old_without_old = trigger.old_table.is_some()
        && trigger.events.iter().all(|event| *event == TriggerEvent::Insert);
    let new_without_new = trigger.new_table.is_some()
        && trigger.events.iter().all(|event| *event == TriggerEvent::Delete);
    let problem = problem.or_else(|| {
        let span = def.referencing.as_ref().map_or(def.span, |tables| tables.span);
        if old_without_old {
            Some((span, "an insert has no old rows", "remove `old`"))
        } else if new_without_new {
            Some((span, "a delete has no new rows", "remove `new`"))
        } else {
            None
        }
    });
    if let (Some(deferrable), false) =
        (def.deferrable.or(def.initially_deferred).filter(|flag| flag.value), trigger.constraint)
    {
        cx.report(
            Diagnostic::new(
                Code::ConflictingKeys,
                deferrable.span,
                "only a constraint trigger can be deferred",
            )
            .help("add `constraint: true`, or remove this"),
        );
    }
    if let Some((span, message, help)) = problem {
        cx.report(Diagnostic::new(Code::TriggerTiming, span, message).help(help));
    }
    problem.is_none()
}

/// A condition reads only rows that there are.
fn condition_fits(cx: &mut Resolver<'_>, trigger: &Trigger) -> bool {
    let Some(condition) = &trigger.condition else { return true };
    let Some(tree) = &condition.tree else { return true };
    let only = |wanted: &TriggerEvent| trigger.events.iter().all(|event| event == wanted);
    let missing = [
        ("old", only(&TriggerEvent::Insert), "an insert has no old row"),
        ("new", only(&TriggerEvent::Delete), "a delete has no new row"),
        (
            "old",
            trigger.level == TriggerLevel::Statement,
            "a statement trigger's condition sees no rows",
        ),
        (
            "new",
            trigger.level == TriggerLevel::Statement,
            "a statement trigger's condition sees no rows",
        ),
    ];
    for column in &tree.refs().columns {
        if let Some(generated) = computed_later(cx, trigger, column) {
            let message = format!("`{generated}` is computed after a `before` trigger");
            let range = column.range.clone();
            let error = expressions::finding(cx, Code::TriggerTiming, condition.id, range, message);
            if let Some(error) = error {
                cx.report(error.help("use `timing: after`, or name the columns that it needs"));
            }
            return false;
        }
        let row = column.qualifier.as_deref().unwrap_or(column.name.as_str());
        let problem =
            missing.iter().find(|(name, applies, _)| *applies && row.eq_ignore_ascii_case(name));
        if let Some((_, _, message)) = problem {
            let range = column.range.clone();
            if let Some(error) = expressions::finding(
                cx,
                Code::TriggerTiming,
                condition.id,
                range,
                (*message).to_owned(),
            ) {
                cx.report(error.help("remove this part of the condition"));
            }
            return false;
        }
    }
    true
}

/// The generated column that a part of a condition reads before it has a value: `new.total`, or all of `new`.
fn computed_later(cx: &Resolver<'_>, trigger: &Trigger, read: &ColumnRef) -> Option<Name> {
    let RelationId::Table(table) = trigger.on else { return None };
    let (row, column) = match &read.qualifier {
        Some(row) => (row, read.name.as_str()),
        None => (&read.name, "*"),
    };
    if trigger.timing != TriggerTiming::Before || !row.eq_ignore_ascii_case("new") {
        return None;
    }
    let mut columns = cx.schema.tables[table].columns.iter();
    let read = columns.find(|it| it.generated.is_some() && (column == "*" || *it.name == *column));
    read.map(|column| column.name.clone())
}
