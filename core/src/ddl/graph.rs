//! A graph of dependencies.
//!
//! In: nodes by number, and which needs which. Out: knots (strongly connected parts) and an order in
//! which each node follows all that it needs. Linear in nodes and edges, without recursion, and the
//! same for the same input. Knows nothing of what the nodes are.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::slice;

/// Who needs whom; each edge says of what kind the need is.
#[derive(Debug, Clone)]
pub(crate) struct Graph<E> {
    /// Of each node, in ascending order.
    needs: Vec<Vec<(usize, E)>>,
}

impl<E: Copy + Ord> Graph<E> {
    /// `size` nodes that need nothing.
    pub(crate) fn new(size: usize) -> Self {
        Self { needs: vec![Vec::new(); size] }
    }

    /// One more node that needs nothing.
    pub(crate) fn add_node(&mut self) -> usize {
        self.needs.push(Vec::new());
        self.needs.len() - 1
    }

    /// Says that `node` needs `other`. What a node needs of itself is no matter of order.
    pub(crate) fn add(&mut self, node: usize, other: usize, edge: E) {
        if let Some(needs) = self.needs.get_mut(node)
            && node != other
            && let Err(at) = needs.binary_search(&(other, edge))
        {
            needs.insert(at, (other, edge));
        }
    }

    /// What `node` needs, in ascending order.
    pub(crate) fn needs(&self, node: usize) -> slice::Iter<'_, (usize, E)> {
        self.needs.get(node).map(|needs| needs.iter()).unwrap_or_default()
    }

    /// Takes from `node` the needs for which `keep` says no, and gives them.
    pub(crate) fn release(
        &mut self,
        node: usize,
        mut keep: impl FnMut(usize, E) -> bool,
    ) -> Vec<(usize, E)> {
        let Some(needs) = self.needs.get_mut(node) else { return Vec::new() };
        needs.extract_if(.., |(other, edge)| !keep(*other, *edge)).collect()
    }

    /// The same needs, seen from what is needed.
    pub(crate) fn reversed(&self) -> Self {
        let mut reversed = Self::new(self.needs.len());
        for (node, needs) in self.needs.iter().enumerate() {
            for (other, edge) in needs {
                reversed.add(*other, node, *edge);
            }
        }
        reversed
    }

    /// For each node the number of its knot. Nodes that need each other share one.
    pub(crate) fn knots(&self) -> Vec<usize> {
        let all: Vec<usize> = (0..self.needs.len()).collect();
        let finished = self.order(&all);
        let mut places = vec![0; self.needs.len()];
        for (place, node) in finished.iter().enumerate() {
            if let Some(slot) = places.get_mut(*node) {
                *slot = place;
            }
        }
        // Mostly nothing needs each other: then each stands after all that it needs.
        let mut needs = self.needs.iter().zip(&places);
        let stands_before = |other: usize, place| places.get(other).is_some_and(|it| it < place);
        if needs.all(|(needs, place)| needs.iter().all(|(other, _)| stands_before(*other, place))) {
            return places;
        }
        let needed_by = self.reversed();
        // Kosaraju: against the edges, from the node that was finished last.
        let mut knots = vec![usize::MAX; self.needs.len()];
        let mut open = Vec::new();
        for (number, root) in finished.iter().rev().enumerate() {
            open.push(*root);
            while let Some(node) = open.pop() {
                if let Some(knot) = knots.get_mut(node).filter(|knot| **knot == usize::MAX) {
                    *knot = number;
                    open.extend(needed_by.needs(node).map(|(other, _)| *other));
                }
            }
        }
        knots
    }

    /// The nodes that `roots` reach, each after what it needs, else in the order of `roots`. Where
    /// nodes need each other, the one that is met first comes last.
    pub(crate) fn order(&self, roots: &[usize]) -> Vec<usize> {
        let mut met = vec![false; self.needs.len()];
        let mut order = Vec::with_capacity(roots.len());
        let mut path = Vec::new();
        for root in roots {
            if let Some(seen) = met.get_mut(*root).filter(|seen| !**seen) {
                *seen = true;
                path.push((*root, self.needs(*root)));
            }
            while let Some((node, rest)) = path.last_mut() {
                let Some((other, _)) = rest.next() else {
                    order.push(*node);
                    path.pop();
                    continue;
                };
                if let Some(seen) = met.get_mut(*other).filter(|seen| !**seen) {
                    *seen = true;
                    path.push((*other, self.needs(*other)));
                }
            }
        }
        order
    }

    /// Which nodes `roots` reach, themselves included.
    pub(crate) fn reached(&self, roots: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let roots: Vec<usize> = roots.into_iter().collect();
        let mut reached = vec![false; self.needs.len()];
        for node in self.order(&roots) {
            if let Some(slot) = reached.get_mut(node) {
                *slot = true;
            }
        }
        reached
    }

    /// A shortest way from `start` back to itself within its knot; empty if there is none.
    pub(crate) fn cycle(&self, start: usize, knots: &[usize]) -> Vec<usize> {
        let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for (other, _) in self.needs(node) {
                if *other == start {
                    let back = |at: &usize| came_from.get(at).copied();
                    let mut path: Vec<usize> = std::iter::successors(Some(node), back).collect();
                    path.reverse();
                    return path;
                }
                if knots.get(*other) != knots.get(start) {
                    continue;
                }
                if let Entry::Vacant(slot) = came_from.entry(*other) {
                    slot.insert(node);
                    open.push_back(*other);
                }
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    fn graph(edges: &[(usize, usize)]) -> Graph<()> {
        let mut graph = Graph::new(6);
        for (node, other) in edges {
            graph.add(*node, *other, ());
        }
        graph
    }

    #[test]
    fn what_is_needed_comes_first() {
        let graph = graph(&[(0, 3), (3, 5), (1, 0)]);
        assert_eq!(graph.order(&[0, 1, 2, 3, 4, 5]), [5, 3, 0, 1, 2, 4]);
    }

    #[test]
    fn knots_hold_what_needs_each_other() {
        let graph = graph(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (5, 0)]);
        let knots = graph.knots();
        assert_eq!(knots[0], knots[1]);
        assert_eq!(knots[0], knots[2]);
        assert_eq!(knots[3], knots[4]);
        assert_ne!(knots[0], knots[3]);
        assert_ne!(knots[0], knots[5]);
        assert_eq!(graph.cycle(0, &knots), [0, 1, 2]);
        assert_eq!(graph.cycle(4, &knots), [4, 3]);
        assert!(graph.cycle(5, &knots).is_empty());
    }

    #[test]
    fn depth_is_no_matter() {
        let mut graph = Graph::new(200_000);
        for node in 0..199_999 {
            graph.add(node, node + 1, ());
        }
        let all: Vec<usize> = (0..200_000).collect();
        assert_eq!(graph.order(&all).first(), Some(&199_999));
    }
}
