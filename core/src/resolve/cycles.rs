//! Cycles of a graph, for messages that name them.

use crate::sort;

/// One cycle for each strongly connected group of at least two nodes, as the nodes along it, beginning
/// with the least. Tarjan's algorithm, without recursion: schemas are untrusted.
pub(super) fn cycles(count: usize, targets: impl Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
    groups(count, &targets).into_iter().filter_map(|group| walk(&group, &targets)).collect()
}

/// The strongly connected groups of at least two nodes, each sorted, in order of their least node.
fn groups(count: usize, targets: &impl Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut index = vec![NEW; count];
    let mut low = vec![0; count];
    let mut on_stack = vec![false; count];
    let mut stack = Vec::new();
    let mut calls: Vec<(usize, Vec<usize>, usize)> = Vec::new();
    let mut groups = Vec::new();
    let mut next = 0;
    for root in 0..count {
        if index.get(root) != Some(&NEW) {
            continue;
        }
        let edges = targets(root);
        // Most nodes lead nowhere, and so not back either.
        if edges.is_empty() {
            continue;
        }
        calls.push((root, edges, 0));
        set(&mut index, root, next);
        set(&mut low, root, next);
        set(&mut on_stack, root, true);
        stack.push(root);
        next += 1;
        while let Some((node, edges, position)) = calls.last_mut() {
            let node = *node;
            if let Some(target) = edges.get(*position).copied() {
                *position += 1;
                if index.get(target) == Some(&NEW) {
                    set(&mut index, target, next);
                    set(&mut low, target, next);
                    set(&mut on_stack, target, true);
                    stack.push(target);
                    next += 1;
                    calls.push((target, targets(target), 0));
                } else if on_stack.get(target) == Some(&true) {
                    let least = get(&low, node).min(get(&index, target));
                    set(&mut low, node, least);
                }
                continue;
            }
            calls.pop();
            if let Some((parent, _, _)) = calls.last() {
                let least = get(&low, *parent).min(get(&low, node));
                set(&mut low, *parent, least);
            }
            if get(&low, node) == get(&index, node) {
                let start = stack.iter().rposition(|member| *member == node).unwrap_or_default();
                let group = stack.get(start..).unwrap_or_default();
                for member in group {
                    set(&mut on_stack, *member, false);
                }
                if group.len() > 1 {
                    let mut group = group.to_vec();
                    sort::by(&mut group, Ord::cmp);
                    groups.push(group);
                }
                stack.truncate(start);
            }
        }
    }
    sort::by(&mut groups, Ord::cmp);
    groups
}

fn get(list: &[usize], at: usize) -> usize {
    list.get(at).copied().unwrap_or(usize::MAX)
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

/// The shortest way from the group's least node back to itself.
fn walk(group: &[usize], targets: &impl Fn(usize) -> Vec<usize>) -> Option<Vec<usize>> {
    let start = *group.first()?;
    let mut came_from: Vec<(usize, usize)> = Vec::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for target in targets(node) {
            if target == start {
                let mut path = vec![node];
                let mut at = node;
                while at != start {
                    at = came_from.iter().find(|(known, _)| *known == at)?.1;
                    path.push(at);
                }
                path.reverse();
                return Some(path);
            }
            if group.binary_search(&target).is_ok()
                && !came_from.iter().any(|(known, _)| *known == target)
            {
                came_from.push((target, node));
                queue.push_back(target);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn names_one_cycle_a_group() {
        let edges = [vec![1], vec![2, 3], vec![0], vec![], vec![5], vec![4], vec![6]];
        let found = cycles(edges.len(), |node| edges[node].clone());
        assert_eq!(found, [vec![0, 1, 2], vec![4, 5]], "a node that points at itself is no cycle");
    }
}
