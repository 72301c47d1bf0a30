//! Functions and triggers.

use super::column::{ColumnDef, entry};
use super::decode::is_empty;
use super::macros::{record, words};
use super::value::{DefaultSpec, ScalarText, TypeSpec};
use super::{Decode, Decoder, Field, Flag, Integer, Kind, NamedMap, Pairs, SqlText, Text};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, NodeKind};

words! {
    /// How far a result depends on more than the arguments.
    VolatilityWord {
        /// Not at all.
        Immutable = "immutable",
        /// The same within one statement.
        Stable = "stable",
        /// In any way.
        Volatile = "volatile",
    }
}

words! {
    /// Whose rights a function runs with.
    SecurityWord {
        /// The owner's.
        Definer = "definer",
        /// The caller's.
        Invoker = "invoker",
    }
}

words! {
    /// Whether parallel plans may run a function.
    ParallelWord {
        /// No.
        Unsafe = "unsafe",
        /// Only in the leader.
        Restricted = "restricted",
        /// Yes.
        Safe = "safe",
    }
}

words! {
    /// What is created.
    FunctionKindWord {
        /// A function, called in expressions.
        Function = "function",
        /// A procedure, called by `CALL`.
        Procedure = "procedure",
    }
}

record! {
    /// A function or procedure.
    "function" FunctionDef {
        /// The PostgreSQL schema that it lies in; `public` unless said.
        schema = "schema" => Schema: Option<Text>,
        /// What it is written in: `sql`, `plpgsql`.
        language = "language" [required]: Option<Text>,
        /// Its arguments, in order.
        args = "args" | "arguments": Vec<ArgumentDef>,
        /// What it gives: a type, `setof T`, `{table: {…}}`; may be left out for trigger functions.
        returns = "returns": Option<ReturnsSpec>,
        /// `volatile` unless said.
        volatility = "volatility": Option<Spanned<VolatilityWord>>,
        /// Whose rights it runs with; `invoker` unless said.
        security = "security": Option<Spanned<SecurityWord>>,
        /// Whether parallel plans may run it; `unsafe` unless said.
        parallel = "parallel": Option<Spanned<ParallelWord>>,
        /// Whether null in means null out, without a call.
        strict = "strict": Option<Flag>,
        /// Whether it tells nothing about its arguments; superusers only.
        leakproof = "leakproof": Option<Flag>,
        /// Settings for the time of a call: `{search_path: ''}`.
        set = "set": Pairs,
        /// Its body.
        body = "body" [required]: Option<SqlText>,
        /// Planner cost.
        cost = "cost": Option<Integer>,
        /// Planner row estimate of a set-returning function.
        rows = "rows": Option<Integer>,
        /// `function` (unless said) or `procedure`.
        kind = "kind": Option<Spanned<FunctionKindWord>>,
        /// Grants on it.
        grants = "grants": Vec<super::GrantDef>,
        /// `COMMENT ON FUNCTION`; documentation in every target.
        comment = "comment": Option<Text>,
    }
}

/// One function, or its overloads.
#[derive(Debug, Clone)]
pub struct FunctionList(pub Vec<FunctionDef>);

fn one_function() -> Kind {
    Kind::Record(FunctionDef::RECORD)
}

fn overloads() -> Kind {
    Kind::List(one_function)
}

impl Decode for FunctionList {
    fn kind() -> Kind {
        Kind::Either(&[one_function, overloads])
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        if is_empty(node) {
            return cx.wrong_kind(node, one_function());
        }
        let mut list = Vec::new();
        list.set(node, cx);
        Some(Self(list))
    }
}

words! {
    /// The direction of an argument.
    ModeWord {
        /// Given by the caller.
        In = "in",
        /// A result.
        Out = "out",
        /// Both.
        InOut = "inout",
        /// All remaining arguments.
        Variadic = "variadic",
    }
}

record! {
    /// An argument of a function. Short: its type.
    "argument" ArgumentDef short Kind::Type => short_argument {
        /// Its name.
        name = "name": Option<Text>,
        /// Its type.
        ty = "type" [required]: Option<TypeSpec>,
        /// Its direction; `in` unless said.
        mode = "mode": Option<Spanned<ModeWord>>,
        /// What it is when not given.
        default = "default": Option<DefaultSpec>,
    }
}

fn short_argument(node: &Node, cx: &mut Decoder<'_>) -> Option<ArgumentDef> {
    let ty = TypeSpec::decode(node, cx)?;
    Some(ArgumentDef { ty: Some(ty), ..ArgumentDef::empty(node.span) })
}

/// What a function gives, as written.
#[derive(Debug, Clone)]
pub enum ReturnsSpec {
    /// `uuid`, `setof users`, `trigger`, `void`.
    Type(TypeSpec),
    /// `{setof: users}`.
    Set(TypeSpec),
    /// `{table: {id: uuid}}`.
    Table(Span, NamedMap<ColumnDef>),
}

record! {
    /// What a function gives.
    "result" ReturnsDef {
        /// One value of this type.
        ty = "type": Option<TypeSpec>,
        /// Rows of this type.
        setof = "setof": Option<TypeSpec>,
        /// Rows of these columns.
        table = "table": NamedMap<ColumnDef>,
        /// The name, in `{name: varchar, args: [10]}`.
        name = "name" => Type: Option<Text>,
        /// The arguments of that type.
        args = "args": Vec<Text>,
        /// A declared domain, enum or composite type.
        domain = "domain" => Type: Option<Text>,
    }
}

fn returns_type() -> Kind {
    Kind::Type
}

fn returns_map() -> Kind {
    Kind::Record(ReturnsDef::RECORD)
}

impl Decode for ReturnsSpec {
    fn kind() -> Kind {
        Kind::Either(&[returns_type, returns_map])
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            return TypeSpec::decode(node, cx).map(Self::Type);
        };
        if entry(entries, "name").is_some() || entry(entries, "domain").is_some() {
            return TypeSpec::decode(node, cx).map(Self::Type);
        }
        let map = ReturnsDef::decode(node, cx)?;
        match (map.ty, map.setof, map.table.span) {
            (Some(ty), None, None) => Some(Self::Type(ty)),
            (None, Some(ty), None) => Some(Self::Set(ty)),
            (None, None, Some(_)) => Some(Self::Table(map.span, map.table)),
            _ => cx.wrong_kind(node, Self::kind()),
        }
    }
}

words! {
    /// When a trigger fires, relative to the change.
    TimingWord {
        /// Before it.
        Before = "before",
        /// After it.
        After = "after",
        /// In its place; on views.
        InsteadOf = "instead_of",
    }
}

words! {
    /// How often a trigger fires.
    LevelWord {
        /// For each row.
        Row = "row",
        /// For each statement.
        Statement = "statement",
    }
}

words! {
    /// When a trigger is enabled.
    StateWord {
        /// In every session.
        Always = "always",
        /// On replicas only.
        Replica = "replica",
        /// Never.
        Disabled = "disabled",
    }
}

record! {
    /// A trigger.
    "trigger" TriggerDef {
        /// Its name; `TABLE_FUNCTION` unless said.
        name = "name": Option<Text>,
        /// Its table or view; implied inside a table.
        table = "table" => Relation: Option<Text>,
        /// `before` (unless said), `after` or `instead_of`.
        timing = "timing": Option<Spanned<TimingWord>>,
        /// What fires it: `insert`, `update`, `update of a, b`, `delete`, `truncate`.
        events = "events" | "event" | "on" [required] => Event: Vec<Text>,
        /// `row` (unless said) or `statement`.
        for_each = "for_each": Option<Spanned<LevelWord>>,
        /// Fires only where this holds; speaks of `OLD` and `NEW`.
        condition = "condition" | "when": Option<SqlText>,
        /// The function that runs.
        function = "function" [required] => Function: Option<Text>,
        /// Its arguments, constants.
        args = "args": Vec<ScalarText>,
        /// `always`, `replica` or `disabled`.
        enabled = "enabled": Option<Spanned<StateWord>>,
        /// Names for the tables of changed rows.
        referencing = "referencing": Option<ReferencingDef>,
        /// Whether it is a constraint trigger.
        constraint = "constraint": Option<Flag>,
        /// Whether a transaction may ask to fire it at its end.
        deferrable = "deferrable": Option<Flag>,
        /// Whether it fires at the end of the transaction.
        initially_deferred = "initially_deferred": Option<Flag>,
        /// `COMMENT ON TRIGGER`.
        comment = "comment": Option<Text>,
    }
}

record! {
    /// Names for the transition tables of a trigger.
    "transition tables" ReferencingDef {
        /// The rows before the change.
        old = "old" | "old_table": Option<Text>,
        /// The rows after it.
        new = "new" | "new_table": Option<Text>,
    }
}
