//! What triggers change in rows while they are updated.
//!
//! In: the schema's triggers. Out: the columns that they set, which whoever updated a row does not know. Of
//! functions in PL/pgSQL it reads the words alone: what a function sets that is named as it runs is not found.

use rustc_hash::FxHashMap;

use crate::schema::{
    FunctionId, FunctionRef, RelationId, Schema, TableId, Trigger, TriggerEvent, TriggerLevel,
    TriggerState, TriggerTiming,
};
use crate::sql::words::{Token, words};

/// Columns by their tables.
#[derive(Debug, Default)]
pub(super) struct Updates(FxHashMap<TableId, Vec<String>>);

impl Updates {
    /// What the triggers of `schema` set before an update.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut updates = Self::default();
        // One function keeps the time of many tables.
        let mut known: FxHashMap<FunctionId, Vec<String>> = FxHashMap::default();
        for trigger in schema.triggers.values().filter(|it| runs_before_update(it)) {
            let RelationId::Table(table) = trigger.on else { continue };
            let set = updates.0.entry(table).or_default();
            match &trigger.function {
                FunctionRef::Declared(id) => {
                    let columns = known.entry(*id).or_insert_with(|| {
                        let function = schema.functions.find(*id);
                        let function = function.filter(|it| it.language == "plpgsql");
                        function.map(|it| assigned(&it.body.text)).unwrap_or_default()
                    });
                    set.extend_from_slice(columns);
                }
                FunctionRef::Known(name) if SETS_ITS_ARGUMENT.contains(&name.name.as_str()) => {
                    set.extend(trigger.args.first().map(ToString::to_string));
                }
                FunctionRef::Known(_) => {}
            }
        }
        updates
    }

    /// Whether an update may leave another value in a column than it was given.
    pub(super) fn has(&self, table: TableId, column: &str) -> bool {
        self.0.get(&table).is_some_and(|set| set.iter().any(|it| it == column))
    }
}

/// Functions of PostgreSQL that set the column which is their first argument.
const SETS_ITS_ARGUMENT: [&str; 3] =
    ["moddatetime", "tsvector_update_trigger", "tsvector_update_trigger_column"];

fn runs_before_update(trigger: &Trigger) -> bool {
    trigger.timing == TriggerTiming::Before
        && trigger.level == TriggerLevel::Row
        && trigger.state != TriggerState::Disabled
        && trigger.events.iter().any(|event| matches!(event, TriggerEvent::Update(_)))
}

/// The columns of `NEW` that a body sets: a statement that begins with one assigns to it, and `INTO` ones.
fn assigned(body: &str) -> Vec<String> {
    let tokens: Vec<Token> = words(body).into_iter().map(|(token, _)| token).collect();
    let begins = |before: Option<&Token>| match before {
        None | Some(Token::Symbol(';')) => true,
        Some(Token::Word(word)) => {
            ["begin", "then", "else", "loop", "into", "strict"].iter().any(|it| word.is(it))
        }
        Some(_) => false,
    };
    let mut columns = Vec::new();
    // Behind a column of `INTO new.a, new.b`, the next one.
    let mut next_in_list = None;
    for (at, part) in tokens.windows(3).enumerate() {
        let [Token::Word(row), Token::Symbol('.'), Token::Word(column)] = part else { continue };
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let is_next = next_in_list == Some(at) && before == Some(&Token::Symbol(','));
        if row.is("new") && (is_next || begins(before)) {
            columns.push(column.text.clone());
            next_in_list = Some(at + part.len() + 1);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::assigned;

    #[test]
    fn finds_what_a_body_sets() {
        let body = "begin
            NEW.updated_at := now(); -- NEW.nope := 1;
            if new.kind = 'a' and old.x is distinct from new.x then new.\"Mixed\" = 1; else new.tags[1] := 'b'; end if;
            select a, b into strict new.first, new.second from t where t.id = new.id, new.nope;
            perform f(new.nope); raise notice 'x; new.nope := 1';
            return new;
        end";
        assert_eq!(assigned(body), ["updated_at", "Mixed", "tags", "first", "second"]);
    }
}
