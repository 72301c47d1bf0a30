//! Views.

use super::constraint::IndexDef;
use super::function::TriggerDef;
use super::macros::{record, words};
use super::object::GrantDef;
use super::value::TypeSpec;
use super::{Decode, Decoder, Flag, Kind, NamedMap, SqlText, Text};
use crate::source::Spanned;
use crate::syntax::Node;

record! {
    /// A view. Short: its query.
    "view" ViewDef short Kind::Body => short_view {
        /// The PostgreSQL schema that it lies in; `public` unless said.
        schema = "schema" => Schema: Option<Text>,
        /// The query.
        query = "query" [required]: Option<SqlText>,
        /// Types of its columns, where they cannot be derived and a target needs them.
        columns = "columns": NamedMap<ViewColumnDef>,
        /// Whether its rows are stored.
        materialized = "materialized": Option<Flag>,
        /// Whether the caller's rights and policies apply; true in an exposed schema unless said.
        security_invoker = "security_invoker": Option<Flag>,
        /// Whether its conditions come before the caller's.
        security_barrier = "security_barrier": Option<Flag>,
        /// Which rows may be written through it.
        check_option = "check_option": Option<Spanned<CheckOptionWord>>,
        /// Indexes of a materialized view.
        indexes = "indexes": Vec<IndexDef>,
        /// `INSTEAD OF` triggers.
        triggers = "triggers": Vec<TriggerDef>,
        /// Grants on it.
        grants = "grants": Vec<GrantDef>,
        /// The class name that code targets use.
        model = "model": Option<Text>,
        /// `COMMENT ON VIEW`; documentation in every target.
        comment = "comment": Option<Text>,
    }
}

fn short_view(node: &Node, cx: &mut Decoder<'_>) -> Option<ViewDef> {
    let query = SqlText::decode(node, cx)?;
    Some(ViewDef { query: Some(query), ..ViewDef::empty(node.span) })
}

words! {
    /// Which rows may be written through a view.
    CheckOptionWord {
        /// Those that this view shows.
        Local = "local",
        /// Those that this view and the ones beneath it show.
        Cascaded = "cascaded",
    }
}

record! {
    /// A column of a view. Short: its type.
    "view column" ViewColumnDef short Kind::Type => short_view_column {
        /// Its type.
        ty = "type": Option<TypeSpec>,
        /// Whether it may be null; true unless said, since PostgreSQL cannot know.
        nullable = "nullable": Option<Flag>,
        /// `COMMENT ON COLUMN`.
        comment = "comment": Option<Text>,
    }
}

fn short_view_column(node: &Node, cx: &mut Decoder<'_>) -> Option<ViewColumnDef> {
    let ty = TypeSpec::decode(node, cx)?;
    Some(ViewColumnDef { ty: Some(ty), ..ViewColumnDef::empty(node.span) })
}
