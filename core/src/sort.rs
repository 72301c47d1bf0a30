//! Sorting, compiled once.
//!
//! In: a list and what decides its order. Out: the list in order; equal items stay as they stood. The
//! standard library's sort is compiled anew for each type and each order, six kilobytes of WebAssembly
//! a time, also where a `BTreeSet` is collected: fifty of them would be a twentieth of the download.
//! `clippy.toml` therefore forbids it elsewhere. Never decides an order itself.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Sorts `list` as `compare` says.
pub(crate) fn by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if list.len() < 2 {
        return;
    }
    let mut order: Vec<u32> = (0..list.len() as u32).collect();
    let item = |place: u32| list.get(place as usize);
    places(&mut order, &|a, b| {
        item(a).zip(item(b)).map_or(Ordering::Equal, |(a, b)| compare(a, b))
    });
    arrange(&mut order, &mut |a, b| list.swap(a as usize, b as usize));
}

/// Brings to each place of a list what stood at the place that `order` has there, by `swap`s of two
/// places: along each circle in which items change places, once.
fn arrange(order: &mut [u32], swap: &mut dyn FnMut(u32, u32)) {
    for start in 0..order.len() as u32 {
        let mut to = start;
        while let Some(place) = order.get_mut(to as usize) {
            let from = std::mem::replace(place, to);
            if from == start {
                break;
            }
            swap(to, from);
            to = from;
        }
    }
}

/// Sorts `list` by what `key` gives for each item; it is asked at every comparison.
pub(crate) fn by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    by(list, |a, b| key(a).cmp(&key(b)));
}

/// Sorts the places of items in a list, instead of the items.
#[expect(clippy::disallowed_methods, reason = "the one sort that is compiled")]
pub(crate) fn places(order: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    order.sort_by(|a, b| compare(*a, *b));
}

/// A set of `items`, which come in one by one.
pub(crate) fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_stay_as_they_stood() {
        let mut words = vec!["pear", "fig", "plum", "kiwi", "date", "nut"];
        by_key(&mut words, |word| word.len());
        assert_eq!(words, ["fig", "nut", "pear", "plum", "kiwi", "date"]);
        by(&mut words, |a, b| b.cmp(a));
        assert_eq!(words, ["plum", "pear", "nut", "kiwi", "fig", "date"]);
    }
}
