//! What people write who come from SQL, an ORM or another schema language.
//!
//! In: a record and a key that it does not have. Out: what says the same here. Nothing of it is
//! accepted: one spelling of a thing is easier to read, and to search for.

use super::Record;

/// What to write in place of a key that a record does not have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Habit {
    /// This key, with the same value.
    Key(&'static str),
    /// This entry, where the value is `true`.
    Entry(&'static str),
    /// What it says in words.
    Advice(&'static str),
}

const LENGTH: &str = "a length belongs to the type: `type: varchar(20)`";
const PRECISION: &str = "it belongs to the type, in quotes: `type: \"numeric(10,2)\"`";
const GENERATED: &str = "it belongs to the expression: `generated: {kind: stored, expr: a + b}`";
const ONE: &str = "a grant is on one, `table: users`, or on all of a schema, `tables_in: app`";
const LABELS: &str =
    "list the labels under `enums`, `enums: {mood: [sad, happy]}`, and name it: `type: mood`";
const ACTION: &str =
    "it belongs to the reference: `references: {table: users, on_delete: cascade}`";
const CONSTRAINT: &str = "list it under `constraints`: `- {type: unique, columns: [a, b]}`, \
                          `- {type: check, expr: a < b}`, `- {type: foreign_key, …}`";
const INDEX: &str = "list it under the table's `indexes`: `- {columns: [email]}`";
const UNIQUE: &str = "say it with `type: unique` and `columns: [a, b]`";
const PRIMARY_KEY: &str = "say it with `type: primary_key` and `columns: [a, b]`";
const FOREIGN_KEY: &str =
    "say it with `type: foreign_key`, `columns: [a, b]` and `references: {table: t}`";
const EXCLUDE: &str = "say it with `type: exclude` and `elements: [{column: a, with: \"=\"}]`";
const PARTITION: &str = "say it with `strategy: range`, or `list`, or `hash`, and `columns: [a]`";
const OF_TABLE: &str = "it belongs to its table: `tables: {t: {columns: …, indexes: …}}`";
const MATERIALIZED: &str = "list them under `views`, with `materialized: true`";
const INDEX_COLUMN: &str = "it belongs to the column: `columns: [{name: a, order: desc}]`";

/// The record, how it is written elsewhere, and what to write here.
const HABITS: &[(&str, &[&str], Habit)] = &[
    ("schema file", &["composites", "composite_types"], Habit::Key("types")),
    ("schema file", &["models", "entities"], Habit::Key("tables")),
    ("schema file", &["procedures", "rpc"], Habit::Key("functions")),
    ("schema file", &["materialized_views"], Habit::Advice(MATERIALIZED)),
    ("schema file", &["columns", "indexes", "indices", "constraints"], Habit::Advice(OF_TABLE)),
    ("schema file", &["primary_keys", "foreign_keys", "rls"], Habit::Advice(OF_TABLE)),
    ("table", &["fields", "cols", "attributes"], Habit::Key("columns")),
    ("table", &["pk", "primary"], Habit::Key("primary_key")),
    ("table", &["mixins", "extends", "include"], Habit::Key("use")),
    ("table", &["row_level_security", "enable_rls"], Habit::Entry("rls: enabled")),
    ("table", &["force_rls", "force_row_level_security"], Habit::Entry("rls: forced")),
    ("table", &["timestamps"], Habit::Entry("use: [timestamps]")),
    ("table", &["soft_delete", "paranoid"], Habit::Entry("use: [soft_delete]")),
    ("table", &["class", "class_name"], Habit::Key("model")),
    ("table", &["partitioned_by"], Habit::Key("partition_by")),
    ("table", &["unique", "uniques", "checks", "check"], Habit::Advice(CONSTRAINT)),
    ("table", &["foreign_key", "foreign_keys", "fks"], Habit::Advice(CONSTRAINT)),
    ("column", &["pk", "primary"], Habit::Key("primary_key")),
    ("column", &["not_null", "required"], Habit::Entry("nullable: false")),
    ("column", &["null", "optional"], Habit::Key("nullable")),
    ("column", &["fk", "foreign_key", "ref", "refs", "foreign"], Habit::Key("references")),
    ("column", &["auto_increment", "serial"], Habit::Entry("identity: always")),
    ("column", &["default_value"], Habit::Key("default")),
    ("column", &["computed", "generated_as", "as"], Habit::Key("generated")),
    ("column", &["stored", "virtual"], Habit::Advice(GENERATED)),
    ("generated column", &["as", "expression"], Habit::Key("expr")),
    ("generated column", &["stored"], Habit::Entry("kind: stored")),
    ("generated column", &["virtual"], Habit::Entry("kind: virtual")),
    ("column", &["length", "size", "max_length"], Habit::Advice(LENGTH)),
    ("column", &["precision", "scale"], Habit::Advice(PRECISION)),
    ("column", &["enum", "values", "options", "choices"], Habit::Advice(LABELS)),
    ("column", &["on_delete", "on_update"], Habit::Advice(ACTION)),
    ("column", &["index", "indexed"], Habit::Advice(INDEX)),
    ("reference", &["field", "key"], Habit::Key("column")),
    ("reference", &["model", "to", "target"], Habit::Key("table")),
    ("index", &["type", "kind"], Habit::Key("method")),
    ("index", &["fields", "on", "keys", "elements"], Habit::Key("columns")),
    ("index", &["condition", "predicate", "filter"], Habit::Key("where")),
    ("index", &["order", "opclass", "nulls"], Habit::Advice(INDEX_COLUMN)),
    ("constraint", &["expression", "condition", "check"], Habit::Key("expr")),
    ("constraint", &["kind"], Habit::Key("type")),
    ("constraint", &["unique"], Habit::Advice(UNIQUE)),
    ("constraint", &["primary_key", "pk"], Habit::Advice(PRIMARY_KEY)),
    ("constraint", &["foreign_key", "fk"], Habit::Advice(FOREIGN_KEY)),
    ("constraint", &["exclude", "exclusion"], Habit::Advice(EXCLUDE)),
    ("partitioning", &["range", "list", "hash"], Habit::Advice(PARTITION)),
    ("partitioning", &["type", "kind", "method"], Habit::Key("strategy")),
    ("constraint", &["fields"], Habit::Key("columns")),
    ("constraint", &["method"], Habit::Key("using")),
    ("constraint", &["initially"], Habit::Entry("initially_deferred: true")),
    ("reference", &["initially"], Habit::Entry("initially_deferred: true")),
    ("grant object", &["tables", "schemas", "sequences", "functions", "types"], Habit::Advice(ONE)),
    ("enum", &["labels", "options", "variants", "members"], Habit::Key("values")),
    ("domain", &["base", "base_type"], Habit::Key("type")),
    ("domain", &["expr", "expression", "constraint"], Habit::Key("check")),
    ("domain", &["not_null"], Habit::Entry("nullable: false")),
    ("composite type", &["columns", "attributes"], Habit::Key("fields")),
    ("sequence", &["start_with", "starts"], Habit::Key("start")),
    ("sequence", &["increment_by", "step"], Habit::Key("increment")),
    ("sequence", &["minvalue"], Habit::Key("min")),
    ("sequence", &["maxvalue"], Habit::Key("max")),
    ("view", &["as", "sql", "definition", "select", "body"], Habit::Key("query")),
    ("function", &["definition", "sql", "code", "source", "as"], Habit::Key("body")),
    ("function", &["lang"], Habit::Key("language")),
    ("function", &["parameters", "params"], Habit::Key("args")),
    ("function", &["return", "return_type"], Habit::Key("returns")),
    ("function", &["immutable"], Habit::Entry("volatility: immutable")),
    ("function", &["stable"], Habit::Entry("volatility: stable")),
    ("function", &["security_definer"], Habit::Entry("security: definer")),
    ("function", &["settings", "config"], Habit::Key("set")),
    ("function", &["search_path"], Habit::Advice("it is a setting: `set: {search_path: ''}`")),
    ("policy", &["on"], Habit::Key("table")),
    ("policy", &["for", "operation", "cmd", "action"], Habit::Key("command")),
    ("policy", &["check"], Habit::Key("with_check")),
    ("policy", &["expression", "expr"], Habit::Key("using")),
    ("policy", &["restrictive"], Habit::Entry("permissive: false")),
    ("trigger", &["operation", "operations"], Habit::Key("events")),
    ("trigger", &["level"], Habit::Key("for_each")),
    ("trigger", &["execute", "procedure", "do", "call"], Habit::Key("function")),
    ("role", &["exist"], Habit::Key("exists")),
    ("role", &["member_of", "groups", "in_role"], Habit::Key("in")),
    ("grant", &["roles", "role", "grantee"], Habit::Key("to")),
    ("grant", &["privilege"], Habit::Key("privileges")),
];

/// What everybody calls documentation somewhere.
const DESCRIPTION: &[&str] = &["description", "desc", "doc", "docs", "note", "notes"];

/// What somebody means who writes `key` in a `record` that has no such key.
pub(super) fn habit(record: &Record, key: &str) -> Option<Habit> {
    let key = folded(key);
    let is_meant = |spellings: &[&str]| spellings.iter().any(|it| folded(it) == key);
    let known =
        HABITS.iter().find(|(name, spellings, _)| *name == record.name && is_meant(spellings));
    let comment = || record.key("comment").filter(|_| is_meant(DESCRIPTION));
    known.map(|(.., habit)| *habit).or_else(|| comment().map(|key| Habit::Key(key.name)))
}

/// `notNull`, `not-null` and `NOT_NULL` are one spelling.
fn folded(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::super::reference::records;
    use super::*;

    #[test]
    fn habits_lead_from_what_a_record_does_not_have_to_what_it_has() {
        let records = records();
        for (name, spellings, habit) in HABITS {
            let record = records.iter().find(|record| record.name == *name);
            let record = record.unwrap_or_else(|| panic!("there is a record `{name}`"));
            for spelling in *spellings {
                assert!(record.key(spelling).is_none(), "{name} has `{spelling}`");
            }
            let key = match habit {
                Habit::Key(key) => Some(*key),
                Habit::Entry(entry) => entry.split(':').next(),
                Habit::Advice(_) => None,
            };
            let exists = |key| record.key(key).is_some();
            assert!(key.is_none_or(exists), "{name} has no {key:?}");
        }
    }
}
