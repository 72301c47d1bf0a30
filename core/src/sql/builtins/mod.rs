//! The functions that PostgreSQL and well-known extensions bring.
//!
//! In: a function's name. Out: its [`Builtin`], the facts of all its overloads taken together. The table
//! is PostgreSQL's own catalog, versions 15 and 18 merged; `generate.sql` says how it is made. A platform's
//! functions (`auth.uid()`) are not here: they come from its schema.

use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;

use super::ident::MAX_IDENT_BYTES;
use super::types::{parse_type, resolve_base};

const FUNCTIONS: &str = include_str!("functions.txt");

/// Forms of the grammar that look like calls and are no functions of the catalog; as in the table.
const FORMS: &str = "\
array 1-99 i !
cast 1 i -
coalesce 1-99 i -
current_catalog 0 s name
current_date 0 s date
current_role 0 s name
current_time 0-1 s timetz
current_timestamp 0-1 s timestamptz
exists 1 i bool
greatest 1-99 i -
grouping 1-99 i int4
json_array 0-99 i -
json_arrayagg 1 ia -
json_exists 2-99 i bool
json_objectagg 2 ia -
json_query 2-99 i -
json_scalar 1 i json
json_serialize 1 i -
json_value 2-99 i -
least 1-99 i -
localtime 0-1 s time
localtimestamp 0-1 s timestamp
merge_action 0 v text
nullif 2 i -
row 0-99 i !
session_user 0 s name
system_user 0 s text
treat 1 i -
trim 1-3 i text
user 0 s name
values 1-99 i -
xmlconcat 0-99 i xml
xmlelement 1-99 i xml
xmlforest 1-99 i xml
xmlparse 1 i xml
xmlpi 1-2 i xml
xmlroot 1-3 i xml
xmlserialize 1 i -
";

/// Extensions whose every function is in the table.
const LISTED_EXTENSIONS: &[&str] = &[
    "btree_gist",
    "citext",
    "cube",
    "earthdistance",
    "fuzzystrmatch",
    "hstore",
    "intarray",
    "ltree",
    "moddatetime",
    "pg_stat_statements",
    "pg_trgm",
    "pgcrypto",
    "tablefunc",
    "unaccent",
    "uuid-ossp",
    "vector",
];

/// Extensions that bring no function that anyone calls without a schema.
const SILENT_EXTENSIONS: &[&str] =
    &["btree_gin", "pg_cron", "pg_net", "pgmq", "plpgsql", "supabase_vault"];

/// The functions that PostgreSQL 15 does not have, by the version that brought them, as far as schemas call them (the
/// release notes, "Functions").
const NEWER: &[(u16, &str)] = &[
    (
        16,
        "any_value array_sample array_shuffle date_add date_subtract erf erfc json_array json_arrayagg json_objectagg \
         pg_input_error_info pg_input_is_valid random_normal system_user",
    ),
    (
        17,
        "json_exists json_query json_scalar json_serialize json_value merge_action pg_basetype to_bin to_oct \
         to_regtypemod unicode_assigned unicode_version uuid_extract_timestamp uuid_extract_version xmltext",
    ),
    (18, "array_reverse array_sort casefold crc32 crc32c gamma lgamma uuidv4 uuidv7"),
];

/// The operator classes that extensions bring under names which PostgreSQL itself does not have; of `pg_opclass`.
const OPERATOR_CLASSES: &[(&str, &str)] = &[
    (
        "btree_gist",
        "gist_bit_ops gist_bool_ops gist_bpchar_ops gist_bytea_ops gist_cash_ops gist_cidr_ops gist_date_ops \
         gist_enum_ops gist_float4_ops gist_float8_ops gist_inet_ops gist_int2_ops gist_int4_ops gist_int8_ops \
         gist_interval_ops gist_macaddr8_ops gist_macaddr_ops gist_numeric_ops gist_oid_ops gist_text_ops \
         gist_time_ops gist_timestamp_ops gist_timestamptz_ops gist_timetz_ops gist_uuid_ops gist_vbit_ops",
    ),
    ("citext", "citext_ops citext_pattern_ops"),
    ("cube", "cube_ops gist_cube_ops"),
    ("hstore", "btree_hstore_ops gin_hstore_ops gist_hstore_ops hash_hstore_ops"),
    ("intarray", "gin__int_ops gist__int_ops gist__intbig_ops"),
    ("ltree", "gist__ltree_ops gist_ltree_ops ltree_ops"),
    ("pg_trgm", "gin_trgm_ops gist_trgm_ops"),
    (
        "vector",
        "bit_hamming_ops bit_jaccard_ops halfvec_cosine_ops halfvec_ip_ops halfvec_l1_ops halfvec_l2_ops halfvec_ops \
         sparsevec_cosine_ops sparsevec_ip_ops sparsevec_l1_ops sparsevec_l2_ops sparsevec_ops vector_cosine_ops \
         vector_ip_ops vector_l1_ops vector_l2_ops vector_ops",
    ),
];

/// How much a function's result may vary, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volatility {
    /// Only with its arguments.
    Immutable,
    /// Not within one statement.
    Stable,
    /// Every time.
    Volatile,
}

/// What is sure of a function, whichever of its overloads is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// The fewest arguments that an overload takes.
    pub min_args: u8,
    /// The most; `None` for any number.
    pub max_args: Option<u8>,
    /// The least volatile overload's: another may be more so.
    pub volatility: Volatility,
    /// Whether every overload is an aggregate.
    pub aggregate: bool,
    /// Whether every overload is a window function.
    pub window: bool,
    /// Whether every overload gives rows.
    pub set_returning: bool,
    /// The result's name in `pg_type` (`bool`, `int8`), where all overloads agree on one that is
    /// neither an array nor a pseudo-type.
    pub returns: Option<&'static str>,
    /// Whether the result is a boolean, where all overloads agree on that.
    pub returns_boolean: Option<bool>,
    /// The extension that brings it; `None` for PostgreSQL's own.
    pub extension: Option<&'static str>,
    /// The version of PostgreSQL that brought it; `None` for what every supported one has.
    pub since: Option<u16>,
}

/// What is an aggregate in one overload and a window function in the other (9.21 "Hypothetical-Set Aggregate
/// Functions").
const RANKS: [&str; 4] = ["cume_dist", "dense_rank", "percent_rank", "rank"];

impl Builtin {
    /// Whether no overload is an aggregate or a window function. Not told of what extensions bring.
    pub fn is_plain(&self) -> bool {
        !(self.aggregate || self.window || self.extension.is_some() || RANKS.contains(&self.name))
    }

    /// Whether some overload may take this many arguments.
    pub fn takes(&self, arguments: usize) -> bool {
        usize::from(self.min_args) <= arguments
            && self.max_args.is_none_or(|most| arguments <= usize::from(most))
    }
}

/// The function of this name, in lower case, in `pg_catalog` or in an extension.
pub fn function(name: &str) -> Option<Builtin> {
    static LINES: LazyLock<FxHashMap<&str, Line>> = LazyLock::new(|| {
        let lines = FORMS.lines().chain(FUNCTIONS.lines());
        let line = |text| Line { text, read: OnceLock::new() };
        lines.filter_map(|text| Some((text.split_once(' ')?.0, line(text)))).collect()
    });
    let line = LINES.get(name)?;
    line.read.get_or_init(|| read(line.text).map(Box::new)).as_deref().copied()
}

/// The extensions that are known here.
pub fn extensions() -> impl Iterator<Item = &'static str> {
    LISTED_EXTENSIONS.iter().chain(SILENT_EXTENSIONS).copied()
}

/// All names, for suggestions.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.lines().chain(FORMS.lines()).filter_map(|line| line.split(' ').next())
}

/// Whether a name that [`function`] does not know is surely unknown to a database with these
/// extensions. False where the table is silent by design: input and output functions of types, types
/// called as casts (`uuid('…')`; the user's own types are the caller's), and extensions that it does
/// not list.
pub fn surely_unknown<'a>(name: &str, extensions: impl IntoIterator<Item = &'a str>) -> bool {
    function(name).is_none()
        && name.len() <= MAX_IDENT_BYTES
        && !name.ends_with("in")
        && !name.ends_with("out")
        && !is_base_type(name)
        && extensions.into_iter().all(is_known)
}

/// Whether we know all that an extension brings.
fn is_known(extension: &str) -> bool {
    LISTED_EXTENSIONS.contains(&extension) || SILENT_EXTENSIONS.contains(&extension)
}

/// Whether what `extension` brings is surely missing where these are declared. One that is not listed here may bring
/// the same name.
pub fn surely_missing<'a>(extension: &str, declared: impl IntoIterator<Item = &'a str>) -> bool {
    declared.into_iter().all(|known| known != extension && is_known(known))
}

/// The extension that brings an operator class; nothing for PostgreSQL's own and for unknown ones.
pub fn extension_of_operator_class(name: &str) -> Option<&'static str> {
    let brings = |classes: &str| classes.split(' ').any(|class| class == name);
    OPERATOR_CLASSES.iter().find(|(_, classes)| brings(classes)).map(|(extension, _)| *extension)
}

/// A line of the table, of which few are ever asked for, and those many times.
struct Line {
    text: &'static str,
    read: OnceLock<Option<Box<Builtin>>>,
}

fn is_base_type(name: &str) -> bool {
    parse_type(name).is_ok_and(|ty| matches!(resolve_base(&ty), Ok(Some(_)) | Err(_)))
}

fn read(line: &'static str) -> Option<Builtin> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let (least, most) = {
        let arguments = words.next()?;
        arguments.split_once('-').unwrap_or((arguments, arguments))
    };
    let flags = words.next()?;
    let most: u8 = most.parse().ok()?;
    let result = words.next()?;
    Some(Builtin {
        name,
        min_args: least.parse().ok()?,
        max_args: (most < 99).then_some(most),
        volatility: match flags.chars().next()? {
            'i' => Volatility::Immutable,
            's' => Volatility::Stable,
            _ => Volatility::Volatile,
        },
        aggregate: flags.contains('a'),
        window: flags.contains('w'),
        set_returning: flags.contains('r'),
        returns: Some(result).filter(|result| !matches!(*result, "-" | "!")),
        returns_boolean: (result != "-").then_some(result == "bool"),
        extension: words.next(),
        since: NEWER
            .iter()
            .find(|(_, names)| names.split(' ').any(|newer| newer == name))
            .map(|(version, _)| *version),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_line_is_found() {
        for table in [FUNCTIONS, FORMS] {
            let names: Vec<&str> =
                table.lines().map(|line| line.split(' ').next().unwrap()).collect();
            assert!(names.is_sorted_by(|a, b| a < b));
            for name in names {
                assert_eq!(function(name).map(|found| found.name), Some(name), "{name}");
            }
        }
    }

    #[test]
    fn facts_are_those_of_all_overloads() {
        let now = function("now").unwrap();
        assert_eq!((now.volatility, now.returns), (Volatility::Stable, Some("timestamptz")));
        // Of a time without a zone it is immutable.
        assert_eq!(function("date_trunc").unwrap().volatility, Volatility::Immutable);
        assert_eq!(function("random").unwrap().volatility, Volatility::Volatile);
        assert!(function("count").unwrap().aggregate);
        assert!(function("row_number").unwrap().window);
        assert!(function("unnest").unwrap().set_returning);
        assert!(function("concat").unwrap().takes(50));
        assert!(!function("gen_random_uuid").unwrap().takes(1));
        assert_eq!(function("starts_with").unwrap().returns, Some("bool"));
        assert_eq!(function("lower").unwrap().returns_boolean, Some(false));
        assert_eq!(function("lag").unwrap().returns_boolean, None);
        assert_eq!(function("similarity").unwrap().extension, Some("pg_trgm"));
        assert!(function("uuidv7").is_some());
        for name in NEWER.iter().flat_map(|(_, names)| names.split(' ')) {
            assert!(function(name).is_some(), "{name}");
        }
    }

    #[test]
    fn unknown_is_said_only_where_the_table_is_complete() {
        assert!(surely_unknown("gen_randm_uuid", []));
        assert!(surely_unknown("lowerr", ["pg_trgm", "pg_cron"]));
        assert!(!surely_unknown("lower", []));
        assert!(!surely_unknown("st_within2", ["postgis"]));
        assert!(!surely_unknown("textin", []));
        assert!(!surely_unknown("uuid", []), "a cast");
    }
}
