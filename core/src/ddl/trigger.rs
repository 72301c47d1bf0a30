//! Triggers.

use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use super::{Form, constraint};
use crate::schema::{
    FunctionRef, ObjectId, Schema, Trigger, TriggerEvent, TriggerId, TriggerLevel, TriggerState,
    TriggerTiming,
};

/// `CREATE TRIGGER`, then `ALTER TABLE` where it is not enabled in the ordinary way.
pub(crate) fn create(schema: &Schema, id: TriggerId, form: Form) -> Vec<Statement> {
    let trigger = &schema.triggers[id];
    let on = schema.relation_name(trigger.on);
    let mut statements = Vec::new();
    // Constraint triggers cannot be replaced.
    if form == Form::Idempotent && trigger.constraint {
        let mut w = SqlWriter::new(schema);
        w.sql("DROP TRIGGER IF EXISTS ").ident(&trigger.name).sql(" ON ").name(on);
        statements.push(w.finish(ObjectId::Trigger(id), Phase::Triggers));
    }
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE ");
    if trigger.constraint {
        w.sql("CONSTRAINT ");
    } else {
        w.sql_if(form == Form::Idempotent, "OR REPLACE ");
    }
    w.sql("TRIGGER ").ident(&trigger.name).sql("\n  ").sql(match trigger.timing {
        TriggerTiming::Before => "BEFORE ",
        TriggerTiming::After => "AFTER ",
        TriggerTiming::InsteadOf => "INSTEAD OF ",
    });
    w.list(" OR ", &trigger.events, event).sql(" ON ").name(on);
    constraint::deferrability(&mut w, trigger.deferrable);
    transition_tables(&mut w, trigger);
    w.sql(match trigger.level {
        TriggerLevel::Row => "\n  FOR EACH ROW",
        TriggerLevel::Statement => "\n  FOR EACH STATEMENT",
    });
    if let Some(condition) = &trigger.condition {
        w.sql("\n  WHEN ").wrapped(condition);
    }
    w.sql("\n  EXECUTE FUNCTION ");
    w.name(match &trigger.function {
        FunctionRef::Declared(id) => &schema.functions[*id].name,
        FunctionRef::Known(name) => name,
    });
    w.sql("(").list(", ", &trigger.args, |w, arg| w.literal(arg)).sql(")");
    statements.push(w.finish(ObjectId::Trigger(id), Phase::Triggers));
    statements.extend(enable(schema, id, trigger));
    statements
}

fn event<'w, 'a>(w: &'w mut SqlWriter<'a>, event: &TriggerEvent) -> &'w mut SqlWriter<'a> {
    match event {
        TriggerEvent::Insert => w.sql("INSERT"),
        TriggerEvent::Update(columns) if columns.is_empty() => w.sql("UPDATE"),
        TriggerEvent::Update(columns) => {
            w.sql("UPDATE OF ").list(", ", columns, |w, column| w.ident(column))
        }
        TriggerEvent::Delete => w.sql("DELETE"),
        TriggerEvent::Truncate => w.sql("TRUNCATE"),
    }
}

fn transition_tables(w: &mut SqlWriter<'_>, trigger: &Trigger) {
    let tables = [(" OLD TABLE AS ", &trigger.old_table), (" NEW TABLE AS ", &trigger.new_table)];
    w.sql_if(tables.iter().any(|(_, name)| name.is_some()), "\n  REFERENCING");
    for (keyword, name) in tables {
        if let Some(name) = name {
            w.sql(keyword).ident(name);
        }
    }
}

fn enable(schema: &Schema, id: TriggerId, trigger: &Trigger) -> Option<Statement> {
    let words = match trigger.state {
        TriggerState::Origin => return None,
        TriggerState::Always => "ENABLE ALWAYS TRIGGER ",
        TriggerState::Replica => "ENABLE REPLICA TRIGGER ",
        TriggerState::Disabled => "DISABLE TRIGGER ",
    };
    let mut w = SqlWriter::new(schema);
    w.sql("ALTER TABLE ").name(schema.relation_name(trigger.on)).sql(" ");
    w.sql(words).ident(&trigger.name);
    Some(w.finish(ObjectId::Trigger(id), Phase::Triggers))
}
