//! A bounded run of the fuzz target, without nightly: `tests/fuzz` runs the same entry without end.
//!
//! In: the repository's schemas under a clumsy hand, by seed, so that a failing round can be repeated
//! (`FUZZ_SEED=n`). `FUZZ_ROUNDS` makes it longer.

use schemagen_tests::corpus::{Dice, mutate, schemas};
use schemagen_tests::entry;

/// Rounds of an ordinary run: some 20 seconds.
const ROUNDS: u64 = 1_500;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn clumsy_hands_get_an_answer() {
    let texts = schemas();
    let first = number("FUZZ_SEED").unwrap_or(0);
    let rounds = number("FUZZ_SEED").map_or_else(|| number("FUZZ_ROUNDS").unwrap_or(ROUNDS), |_| 1);
    for seed in first..first + rounds {
        let mut dice = Dice::new(seed);
        let text = &texts[dice.below(texts.len())];
        let accidents = 1 + dice.below(8);
        let mutated = mutate(text, &mut dice, accidents);
        let result = std::panic::catch_unwind(|| entry::run(mutated.as_bytes()));
        assert!(result.is_ok(), "FUZZ_SEED={seed} breaks a promise:\n{mutated}");
    }
}
