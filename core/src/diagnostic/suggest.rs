//! Did you mean: the closest of some words.

/// The word of `candidates` that `text` most probably means, if one is close enough.
///
/// Spelling variants of one word (`onDelete`, `on-delete`) are always close.
pub fn closest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than any name of ours or PostgreSQL's: not worth measuring.
    if text.len() > 128 {
        return None;
    }
    let wanted = fold(text);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let folded = fold(candidate);
        if candidate == text || folded.is_empty() {
            continue;
        }
        let distance =
            if folded == wanted { 0 } else { strsim::damerau_levenshtein(&wanted, &folded) };
        let limit = folded.chars().count().max(3) / 3;
        // Of one or two letters, one slip leaves too little in common.
        let is_close = distance <= limit && distance * 2 < wanted.len().max(folded.len());
        if is_close && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
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
