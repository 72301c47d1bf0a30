//! Did you mean: the closest of some words.

/// The word of `candidates` that `text` most probably means, if one is close enough.
///
/// Spelling variants of one word (`onDelete`, `on-delete`) are always close.
pub fn closest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    closest_of(text, &mut candidates.into_iter())
}

/// [`closest`], compiled once.
#[inline(never)]
fn closest_of<'a>(text: &str, candidates: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = Near::new(text);
    let measured = candidates.filter_map(|word| Some((near.distance(word)?, word)));
    // The first of the closest.
    measured.min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// A word that others are compared with.
pub struct Near<'t> {
    text: &'t str,
    folded: String,
    length: usize,
}

impl<'t> Near<'t> {
    /// Takes the word that was written.
    pub fn new(text: &'t str) -> Self {
        let folded = fold(text);
        Self { text, length: folded.chars().count(), folded }
    }

    /// How far `word` is, if it is close enough to have been meant.
    pub fn distance(&self, word: &str) -> Option<usize> {
        // Longer than any name of ours or PostgreSQL's: not worth measuring.
        if self.text.len() > 128 || word == self.text {
            return None;
        }
        let folded = fold(word);
        let length = folded.chars().count();
        let limit = length.max(3) / 3;
        if length == 0 || length.abs_diff(self.length) > limit {
            return None;
        }
        let distance = if folded == self.folded {
            0
        } else {
            strsim::damerau_levenshtein(&self.folded, &folded)
        };
        // Of one or two letters, one slip leaves too little in common.
        let is_close = distance <= limit && distance * 2 < self.folded.len().max(folded.len());
        is_close.then_some(distance)
    }
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_slips_and_other_spellings() {
        let keys = ["nullable", "default", "references", "on_delete"];
        assert_eq!(closest("nulable", keys), Some("nullable"));
        assert_eq!(closest("onDelete", keys), Some("on_delete"));
        assert_eq!(closest("reference", keys), Some("references"));
        assert_eq!(closest("colour", keys), None);
        assert_eq!(closest("uid", ["id"]), Some("id"));
        assert_eq!(closest("c", ["a", "b"]), None);
    }
}
