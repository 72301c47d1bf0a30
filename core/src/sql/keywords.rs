//! The SQL keywords that are more than plain names.
//!
//! Out: [`keyword_class`], which says how a word is reserved. Generated from PostgreSQL's own list:
//! the union of what versions 15 and 18 answer to
//! `select word, catcode from pg_get_keywords() where catcode <> 'U' order by word collate "C"`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// How PostgreSQL reserves a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordClass {
    /// Cannot be a function's or a type's name (`C`): `between`, `coalesce`.
    ColumnName,
    /// Can be a function's or a type's name, not a column's (`T`): `left`, `similar`.
    TypeOrFunction,
    /// Cannot be any name without quotes (`R`): `user`, `order`.
    Reserved,
}

/// How `word`, in lower case, is reserved; `None` for other words, unreserved keywords among them.
pub fn keyword_class(word: &str) -> Option<KeywordClass> {
    static CLASSES: LazyLock<FxHashMap<&str, KeywordClass>> = LazyLock::new(|| {
        let list = |words: &'static [&str], class| words.iter().map(move |word| (*word, class));
        list(RESERVED, KeywordClass::Reserved)
            .chain(list(COLUMN_NAME, KeywordClass::ColumnName))
            .chain(list(TYPE_OR_FUNCTION, KeywordClass::TypeOrFunction))
            .collect()
    });
    CLASSES.get(word).copied()
}

#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both",
    "case", "cast", "check", "collate", "column", "constraint", "create", "current_catalog",
    "current_date", "current_role", "current_time", "current_timestamp", "current_user",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false",
    "fetch", "for", "foreign", "from", "grant", "group", "having", "in", "initially",
    "intersect", "into", "lateral", "leading", "limit", "localtime", "localtimestamp", "not",
    "null", "offset", "on", "only", "or", "order", "placing", "primary", "references",
    "returning", "select", "session_user", "some", "symmetric", "system_user", "table", "then",
    "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "when", "where",
    "window", "with",
];

#[rustfmt::skip]
const COLUMN_NAME: &[&str] = &[
    "between", "bigint", "bit", "boolean", "char", "character", "coalesce", "dec", "decimal",
    "exists", "extract", "float", "greatest", "grouping", "inout", "int", "integer",
    "interval", "json", "json_array", "json_arrayagg", "json_exists", "json_object",
    "json_objectagg", "json_query", "json_scalar", "json_serialize", "json_table",
    "json_value", "least", "merge_action", "national", "nchar", "none", "normalize", "nullif",
    "numeric", "out", "overlay", "position", "precision", "real", "row", "setof", "smallint",
    "substring", "time", "timestamp", "treat", "trim", "values", "varchar", "xmlattributes",
    "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi",
    "xmlroot", "xmlserialize", "xmltable",
];

#[rustfmt::skip]
const TYPE_OR_FUNCTION: &[&str] = &[
    "authorization", "binary", "collation", "concurrently", "cross", "current_schema",
    "freeze", "full", "ilike", "inner", "is", "isnull", "join", "left", "like", "natural",
    "notnull", "outer", "overlaps", "right", "similar", "tablesample", "verbose",
];
