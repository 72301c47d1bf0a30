//! The two declarations that the grammar is made of.

/// Declares a map with known keys: its struct, decoder and metadata.
///
/// A field is `name = "key" | "alias" required: Type,` where the type implements
/// [`Field`](super::Field). `=> Table` says that its texts, or the keys of its map, name tables
/// ([`Names`](super::Names)). `short kind => function` says what may stand in place of the map.
macro_rules! record {
    (
        $(#[doc = $docs:literal])+
        $name:literal $struct:ident $(short $short_kind:expr => $short:path)? {
            $(
                $(#[doc = $key_docs:literal])+
                $field:ident = $key:literal $(| $alias:literal)* $([$required:ident])? $(=> $names:ident)? : $ty:ty,
            )*
        }
    ) => {
        $(#[doc = $docs])+
        #[derive(Debug, Clone)]
        pub struct $struct {
            /// Where it stands.
            pub span: $crate::source::Span,
            $($(#[doc = $key_docs])+ pub $field: $ty,)*
        }

        impl $struct {
            /// What the grammar says of it.
            pub const RECORD: &'static $crate::grammar::Record = &$crate::grammar::Record {
                name: $name,
                docs: concat!($($docs, "\n",)+),
                keys: &[$($crate::grammar::Key {
                    name: $key,
                    aliases: &[$($alias,)*],
                    docs: concat!($($key_docs, "\n",)+),
                    required: record!(@required $($required)?),
                    kind: <$ty as $crate::grammar::Field>::kind,
                    names: record!(@names $($names)?),
                },)*],
                short: record!(@short_kind $($short_kind)?),
            };

            /// One that says nothing, at `span`.
            pub fn empty(span: $crate::source::Span) -> Self {
                Self { span, $($field: <$ty as Default>::default(),)* }
            }
        }

        impl $crate::grammar::Revise for $struct {
            fn revise(&mut self, change: &$crate::grammar::Change<'_>) {
                self.span = change.place(self.span);
                $($crate::grammar::Revise::revise(&mut self.$field, change);)*
            }
        }

        impl $crate::grammar::Decode for $struct {
            fn kind() -> $crate::grammar::Kind {
                $crate::grammar::Kind::Record(Self::RECORD)
            }

            fn decode(node: &$crate::syntax::Node, cx: &mut $crate::grammar::Decoder<'_>) -> Option<Self> {
                let $crate::syntax::NodeKind::Map(entries) = &node.kind else {
                    return record!(@short node, cx, $($short)?);
                };
                let mut record = Self::empty(node.span);
                cx.entries(Self::RECORD, entries, &mut |entry, value, cx| {
                    match entry.key.as_str() {
                        $($key $(| $alias)* => {
                            if cx.once($key, entry) {
                                <$ty as $crate::grammar::Field>::set(&mut record.$field, value, cx);
                            }
                        })*
                        _ => return false,
                    }
                    true
                });
                cx.required(Self::RECORD, node.span, entries);
                Some(record)
            }
        }
    };
    (@names $names:ident) => { Some($crate::grammar::Names::$names) };
    (@names) => { None };
    (@required required) => { true };
    (@required) => { false };
    (@short $node:ident, $cx:ident, $short:path) => { $short($node, $cx) };
    (@short $node:ident, $cx:ident,) => { $cx.wrong_kind($node, Self::kind()) };
    (@short_kind $kind:expr) => { Some(|| $kind) };
    (@short_kind) => { None };
}

/// Declares a closed set of words.
macro_rules! words {
    (
        $(#[doc = $docs:literal])+
        $name:ident { $($(#[doc = $word_docs:literal])+ $variant:ident = $text:literal,)* }
    ) => {
        $(#[doc = $docs])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $word_docs])+ $variant,)*
        }

        impl $crate::grammar::Word for $name {
            const WORDS: &'static [$crate::grammar::WordInfo] = &[
                $($crate::grammar::WordInfo { text: $text, docs: concat!($($word_docs, "\n",)+) },)*
            ];

            const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }

        impl $crate::grammar::Revise for $crate::source::Spanned<$name> {
            fn revise(&mut self, change: &$crate::grammar::Change<'_>) {
                self.span = change.place(self.span);
            }
        }

        impl $crate::grammar::Decode for $crate::source::Spanned<$name> {
            fn kind() -> $crate::grammar::Kind {
                $crate::grammar::Kind::Word(<$name as $crate::grammar::Word>::WORDS)
            }

            fn decode(node: &$crate::syntax::Node, cx: &mut $crate::grammar::Decoder<'_>) -> Option<Self> {
                cx.word(node)
            }
        }
    };
}

pub(crate) use {record, words};
