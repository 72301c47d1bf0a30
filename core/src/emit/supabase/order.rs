//! The order of names that Supabase's generator writes: English collation.
//!
//! In: two names. Out: which comes first. Letters are compared without regard to case first, and what
//! is neither a letter nor a digit comes before both, in the order of Unicode's root collation.

use std::cmp::Ordering;

/// ASCII's punctuation in the order of the root collation.
const PUNCTUATION: &str = "\t\n\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

/// English collation; equal only for equal texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    // Most names are of these, which stand in their own order but for the underscore.
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let mut pairs = a.bytes().zip(b.bytes());
    match pairs.find(|(one, other)| one != other || !is_plain(*one)) {
        None => return a.len().cmp(&b.len()),
        Some((one, other)) if is_plain(one) && is_plain(other) => {
            let weight = |byte: u8| if byte == b'_' { 0 } else { byte };
            return weight(one).cmp(&weight(other));
        }
        Some(_) => {}
    }
    let weights = a.chars().map(weight).cmp(b.chars().map(weight));
    // Lower case before upper case, where all else is equal.
    let cases = || a.chars().map(char::is_uppercase).cmp(b.chars().map(char::is_uppercase));
    weights.then_with(cases).then_with(|| a.cmp(b))
}

fn weight(c: char) -> (usize, char) {
    if c.is_ascii_alphanumeric() {
        return (PUNCTUATION.len(), c.to_ascii_lowercase());
    }
    match PUNCTUATION.find(c) {
        Some(place) => (place, c),
        None => (PUNCTUATION.len(), c.to_lowercase().next().unwrap_or(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::sort;

    #[test]
    fn words_before_longer_words_and_cases_last() {
        let mut names =
            vec!["user_b", "Users", "users", "user", "user2", "userA", "order", "$a", "_a"];
        sort::by(&mut names, |a, b| compare(a, b));
        assert_eq!(
            names,
            ["_a", "$a", "order", "user", "user_b", "user2", "userA", "users", "Users"]
        );
    }
}
