//! Anchors, aliases and merge keys, under a budget.
//!
//! In: finished nodes that have an anchor. Out: copies of them where an alias stands, and the entries
//! that a merge key brings. Copies are counted, so that an alias bomb is an error and not a hang; the
//! depth that they add is counted too.

use rustc_hash::FxHashMap;

use super::{Entry, Node, NodeKind};
use crate::limits;
use crate::source::Span;

/// Why an alias could not be expanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AliasError {
    /// The anchor is still open: the alias stands inside it.
    Recursive,
    /// The budget of copied nodes is spent.
    TooMany,
    /// The copy would be nested too deeply.
    TooDeep,
}

struct Anchor {
    node: Node,
    nodes: usize,
    height: usize,
}

/// The finished anchors of one document, by the library's number.
#[derive(Default)]
pub(super) struct Anchors {
    finished: FxHashMap<usize, Anchor>,
    copied: usize,
}

impl Anchors {
    /// Remembers a copy of `node`. False where the budget does not allow it.
    pub(super) fn define(&mut self, id: usize, node: &Node) -> bool {
        let (nodes, height) = measure(node);
        self.copied += nodes;
        if self.copied > limits::EXPANDED_NODES {
            return false;
        }
        self.finished.insert(id, Anchor { node: node.clone(), nodes, height });
        true
    }

    /// A copy for the alias at `span`, which stands `depth` levels deep.
    pub(super) fn expand(
        &mut self,
        id: usize,
        span: Span,
        depth: usize,
    ) -> Result<Node, AliasError> {
        let anchor = self.finished.get(&id).ok_or(AliasError::Recursive)?;
        if depth + anchor.height > limits::TREE_DEPTH {
            return Err(AliasError::TooDeep);
        }
        self.copied += anchor.nodes;
        if self.copied > limits::EXPANDED_NODES {
            return Err(AliasError::TooMany);
        }
        Ok(Node { span, kind: anchor.node.kind.clone() })
    }
}

/// How many nodes there are, and how many levels of lists and maps.
fn measure(node: &Node) -> (usize, usize) {
    let below = |measured: &mut dyn Iterator<Item = (usize, usize)>| {
        measured.fold((1, 1), |(nodes, height), (more, deep)| (nodes + more, height.max(deep + 1)))
    };
    match &node.kind {
        NodeKind::Scalar(_) => (1, 0),
        NodeKind::Seq(items) => below(&mut items.iter().map(measure)),
        NodeKind::Map(entries) => below(&mut entries.iter().map(|entry| measure(&entry.value))),
    }
}

/// The entries that the value of a merge key brings, the first of several maps winning. The error is
/// the node that is no map.
pub(super) fn merged_entries(value: Node) -> Result<Vec<Entry>, Box<Node>> {
    match value.kind {
        NodeKind::Map(entries) => Ok(entries),
        NodeKind::Seq(items) if !items.is_empty() => {
            let mut all = Vec::new();
            for item in items {
                match item.kind {
                    NodeKind::Map(entries) => all.extend(entries),
                    NodeKind::Scalar(_) | NodeKind::Seq(_) => return Err(Box::new(item)),
                }
            }
            Ok(all)
        }
        NodeKind::Scalar(_) | NodeKind::Seq(_) => Err(Box::new(value)),
    }
}
