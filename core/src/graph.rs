//! A graph of dependencies.
//!
//! In: nodes by number, and which needs which. Out: knots (strongly connected parts) and an order in
//! which each node follows all that it needs. Linear in nodes and edges once these are sorted, without
//! recursion, and the same for the same input. Knows nothing of what the nodes are.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::mem;

use crate::sort;

/// A node, another one that it needs, and of what kind the need is.
pub(crate) type Edge<E> = (usize, usize, E);

/// Who needs whom.
#[derive(Debug, Clone)]
pub(crate) struct Graph<E> {
    /// In ascending order, each once.
    edges: Vec<Edge<E>>,
    /// Where the edges of each node end.
    ends: Vec<usize>,
}

impl<E: Copy + Ord> Graph<E> {
    /// `size` nodes with `edges`. What a node needs of itself is no matter of order.
    pub(crate) fn new(size: usize, mut edges: Vec<Edge<E>>) -> Self {
        edges.retain(|(node, other, _)| node != other);
        sort::by_key(&mut edges, |edge| *edge);
        edges.dedup();
        let mut end = 0;
        let ends = (0..size).map(|node| {
            end += edges.iter().skip(end).take_while(|(from, ..)| *from == node).count();
            end
        });
        let ends = ends.collect();
        Self { edges, ends }
    }

    /// What `node` needs, in ascending order.
    pub(crate) fn needs(&self, node: usize) -> impl Iterator<Item = usize> {
        let end = |node: usize| self.ends.get(node).copied().unwrap_or_default();
        let start = node.checked_sub(1).map_or(0, end);
        let edges = self.edges.get(start..end(node)).unwrap_or_default();
        edges.iter().map(|(_, other, _)| *other)
    }

    /// The edges, in ascending order.
    pub(crate) fn edges(&self) -> &[Edge<E>] {
        &self.edges
    }

    /// The same needs, seen from what is needed.
    pub(crate) fn reversed(&self) -> Self {
        let edges = self.edges.iter().map(|(node, other, edge)| (*other, *node, *edge));
        Self::new(self.ends.len(), edges.collect())
    }

    /// Which nodes need each other; none where no nodes do.
    pub(crate) fn knots(&self) -> Option<Knots> {
        let all: Vec<usize> = (0..self.ends.len()).collect();
        let finished = self.order(&all);
        let mut places = vec![0; self.ends.len()];
        for (place, node) in finished.iter().enumerate() {
            if let Some(slot) = places.get_mut(*node) {
                *slot = place;
            }
        }
        if self.edges.iter().all(|(node, other, _)| places.get(*other) < places.get(*node)) {
            return None;
        }
        let needed_by = self.reversed();
        // Kosaraju: against the edges, from the node that was finished last.
        let mut knots = vec![usize::MAX; self.ends.len()];
        let mut open = Vec::new();
        for (number, root) in finished.iter().rev().enumerate() {
            open.push(*root);
            while let Some(node) = open.pop() {
                if let Some(knot) = knots.get_mut(node).filter(|knot| **knot == usize::MAX) {
                    *knot = number;
                    open.extend(needed_by.needs(node));
                }
            }
        }
        Some(Knots(knots))
    }

    /// The nodes that `roots` reach, each after what it needs, else in the order of `roots`. Where
    /// nodes need each other, the one that is met first comes last.
    pub(crate) fn order(&self, roots: &[usize]) -> Vec<usize> {
        let mut met = vec![false; self.ends.len()];
        let mut order = Vec::with_capacity(roots.len());
        let mut path = Vec::new();
        for root in roots {
            if let Some(seen) = met.get_mut(*root).filter(|seen| !**seen) {
                *seen = true;
                path.push((*root, self.needs(*root)));
            }
            while let Some((node, rest)) = path.last_mut() {
                let Some(other) = rest.next() else {
                    order.push(*node);
                    path.pop();
                    continue;
                };
                if let Some(seen) = met.get_mut(other).filter(|seen| !**seen) {
                    *seen = true;
                    path.push((other, self.needs(other)));
                }
            }
        }
        order
    }

    /// Which nodes `roots` reach, themselves included.
    pub(crate) fn reached(&self, roots: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let roots: Vec<usize> = roots.into_iter().collect();
        let mut reached = vec![false; self.ends.len()];
        for node in self.order(&roots) {
            if let Some(slot) = reached.get_mut(node) {
                *slot = true;
            }
        }
        reached
    }

    /// For each knot of several nodes, by its first node: a shortest way from there back to it.
    pub(crate) fn cycles(&self, knots: &Knots) -> impl Iterator<Item = Vec<usize>> {
        knots.firsts().into_iter().map(|first| self.cycle(first, knots))
    }

    /// A shortest way from `start` back to itself within its knot; empty if there is none.
    fn cycle(&self, start: usize, knots: &Knots) -> Vec<usize> {
        let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for other in self.needs(node) {
                if other == start {
                    let back = |at: &usize| came_from.get(at).copied();
                    let mut path: Vec<usize> = std::iter::successors(Some(node), back).collect();
                    path.reverse();
                    return path;
                }
                if !knots.tie(other, start) {
                    continue;
                }
                if let Entry::Vacant(slot) = came_from.entry(other) {
                    slot.insert(node);
                    open.push_back(other);
                }
            }
        }
        Vec::new()
    }
}

/// Nodes that need each other: for each node the number of its knot, which it may have for itself.
#[derive(Debug)]
pub(crate) struct Knots(Vec<usize>);

impl Knots {
    /// The number of the knot that a node is in.
    pub(crate) fn of(&self, node: usize) -> Option<usize> {
        self.0.get(node).copied()
    }

    /// Whether two nodes are in one knot.
    pub(crate) fn tie(&self, one: usize, other: usize) -> bool {
        self.of(one) == self.of(other)
    }

    /// The first node of each knot that has several, in ascending order.
    fn firsts(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.0.len()];
        for knot in &self.0 {
            sizes.get_mut(*knot).into_iter().for_each(|size| *size += 1);
        }
        // Each knot is taken where it is met first.
        let mut is_first =
            |knot: &usize| sizes.get_mut(*knot).is_some_and(|size| mem::take(size) > 1);
        let nodes = self.0.iter().enumerate();
        nodes.filter(|(_, knot)| is_first(knot)).map(|(node, _)| node).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    fn graph(edges: &[(usize, usize)]) -> Graph<()> {
        Graph::new(6, edges.iter().map(|(node, other)| (*node, *other, ())).collect())
    }

    #[test]
    fn a_need_is_told_once_and_never_of_oneself() {
        let graph = graph(&[(4, 2), (1, 1), (4, 0), (4, 2)]);
        assert_eq!(graph.edges(), [(4, 0, ()), (4, 2, ())]);
        let needs: Vec<Vec<usize>> = (0..7).map(|node| graph.needs(node).collect()).collect();
        assert_eq!(needs, [vec![], vec![], vec![], vec![], vec![0, 2], vec![], vec![]]);
    }

    #[test]
    fn what_is_needed_comes_first() {
        let graph = graph(&[(0, 3), (3, 5), (1, 0)]);
        assert_eq!(graph.order(&[0, 1, 2, 3, 4, 5]), [5, 3, 0, 1, 2, 4]);
    }

    #[test]
    fn knots_hold_what_needs_each_other() {
        let graph = graph(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (5, 0)]);
        let knots = graph.knots().expect("there are knots");
        assert!(knots.tie(0, 1) && knots.tie(0, 2) && knots.tie(3, 4));
        assert!(!knots.tie(0, 3) && !knots.tie(0, 5));
        assert_eq!(graph.cycles(&knots).collect::<Vec<_>>(), [vec![0, 1, 2], vec![3, 4]]);
    }

    #[test]
    fn what_stands_in_an_order_has_no_knots() {
        assert!(graph(&[(0, 3), (3, 5), (1, 0)]).knots().is_none());
    }

    #[test]
    fn depth_is_no_matter() {
        let graph = Graph::new(200_000, (0..199_999).map(|node| (node, node + 1, ())).collect());
        let all: Vec<usize> = (0..200_000).collect();
        assert_eq!(graph.order(&all).first(), Some(&199_999));
    }
}
