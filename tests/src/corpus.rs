//! Real schemas, and what becomes of them under a clumsy hand.
//!
//! In: the examples, the seeds and the cases. Out: texts to start from, and mutations of them by a
//! seeded generator, so that a run can be repeated. Never random, never dependent on time.

use crate::case::CaseFile;
use crate::files;

/// All schemas of the repository, right and wrong, sorted by path.
pub fn schemas() -> Vec<String> {
    let mut texts: Vec<String> =
        ["examples", "tests/cases/seeds", "tests/cases/emit", "core/src/resolve/platform"]
            .iter()
            .flat_map(|folder| files::below(folder, &[".yaml", ".yml"]))
            .map(|path| files::read(&path))
            .collect();
    for path in files::below("tests/cases/errors", &[".yaml"]) {
        let cases = CaseFile::parse(&files::read(&path)).cases;
        texts.extend(cases.into_iter().flat_map(|case| case.files).map(|(_, text)| text));
    }
    texts
}

/// A small generator (xorshift64*): the same seed gives the same numbers everywhere.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A generator for this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `limit`, which must not be 0.
    pub const fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

/// What stands in place of a token: words of the language, of SQL, of YAML, and of trouble.
const SCRAPS: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    ":",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "|\n",
    ">-\n",
    "#",
    "'",
    "\"",
    "\\",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "null",
    "~",
    "true",
    "0",
    "-1",
    "1e999",
    "99999999999999999999",
    "tables",
    "columns",
    "enums",
    "users",
    "id",
    "type",
    "text",
    "uuid",
    "varchar(255)",
    "numeric(10,2)",
    "text[]",
    "references",
    "primary_key",
    "default",
    "check",
    "now()",
    "auth.uid() = id",
    "(select 1)",
    "((((",
    "))))",
    "a = 'x",
    "$$",
    "$fn$",
    "--",
    "/*",
    "count(*)",
    "case when",
    "::",
    "{table}",
    "use",
    "mixins",
    "policies",
    "using",
    "triggers",
    "functions",
    "returns: trigger",
    "public.",
    ".",
    "..",
    "é",
    "😀",
    "\u{feff}",
    "\u{2028}",
    "\0",
    "\u{85}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// `text` after `count` small accidents: a token lost, doubled, moved, replaced, or scraps inserted.
#[must_use]
pub fn mutate(text: &str, dice: &mut Dice, count: usize) -> String {
    let mut tokens: Vec<&str> = tokens(text);
    for _ in 0..count {
        if tokens.is_empty() {
            tokens.push(dice.pick(SCRAPS));
            continue;
        }
        let at = dice.below(tokens.len());
        let other = dice.below(tokens.len());
        match dice.below(7) {
            0 => {
                tokens.remove(at);
            }
            1 => tokens.insert(at, tokens[at]),
            2 => tokens.swap(at, other),
            3 => tokens[at] = tokens[other],
            4 => tokens[at] = dice.pick(SCRAPS),
            5 => tokens.insert(at, dice.pick(SCRAPS)),
            _ => {
                let end = (at + 1 + dice.below(8)).min(tokens.len());
                tokens.drain(at..end);
            }
        }
    }
    tokens.concat()
}

/// Words, runs of spaces, line breaks, and single other characters; together they are the text.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, character) in text.char_indices() {
        let kind = match character {
            '_' => 'w',
            ' ' => ' ',
            c if c.is_alphanumeric() => 'w',
            _ => '.',
        };
        if last.is_some_and(|last| last != kind || kind == '.') {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = Some(kind);
    }
    tokens.push(&text[start..]);
    tokens
}
