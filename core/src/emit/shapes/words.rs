//! English plurals of table names: `people` is one `person`.
//!
//! In: one lower-case word. Out: its singular or plural, or the word itself where it has none or is one.

/// Words whose plural is no plural of theirs plus an ending, and words that the rules below would cut
/// wrongly.
const IRREGULAR: &[(&str, &str)] = &[
    ("analyses", "analysis"),
    ("axes", "axis"),
    ("bases", "base"),
    ("bookshelves", "bookshelf"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("calories", "calorie"),
    ("calves", "calf"),
    ("children", "child"),
    ("cookies", "cookie"),
    ("crises", "crisis"),
    ("criteria", "criterion"),
    ("curricula", "curriculum"),
    ("diagnoses", "diagnosis"),
    ("dice", "die"),
    ("elves", "elf"),
    ("feet", "foot"),
    ("geese", "goose"),
    ("genies", "genie"),
    ("halves", "half"),
    ("headaches", "headache"),
    ("hypotheses", "hypothesis"),
    ("indices", "index"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("lice", "louse"),
    ("lives", "life"),
    ("loaves", "loaf"),
    ("matrices", "matrix"),
    ("men", "man"),
    ("mice", "mouse"),
    ("movies", "movie"),
    ("niches", "niche"),
    ("oases", "oasis"),
    ("oxen", "ox"),
    ("parentheses", "parenthesis"),
    ("people", "person"),
    ("phenomena", "phenomenon"),
    ("pies", "pie"),
    ("psyches", "psyche"),
    ("quizzes", "quiz"),
    ("rookies", "rookie"),
    ("scarves", "scarf"),
    ("selfies", "selfie"),
    ("selves", "self"),
    ("shelves", "shelf"),
    ("shoes", "shoe"),
    ("synopses", "synopsis"),
    ("syntheses", "synthesis"),
    ("teeth", "tooth"),
    ("theses", "thesis"),
    ("thieves", "thief"),
    ("ties", "tie"),
    ("toes", "toe"),
    ("vertices", "vertex"),
    ("wives", "wife"),
    ("wolves", "wolf"),
    ("women", "woman"),
    ("zombies", "zombie"),
];

/// Words that are one and many alike, or that end in an `s` of their own.
const UNCHANGED: &[&str] = &[
    "alias",
    "always",
    "analytics",
    "atlas",
    "athletics",
    "aws",
    "bias",
    "canvas",
    "chaos",
    "chassis",
    "corps",
    "cosmos",
    "data",
    "diabetes",
    "dns",
    "economics",
    "electronics",
    "ethics",
    "gas",
    "genetics",
    "gps",
    "https",
    "ios",
    "kudos",
    "lens",
    "logistics",
    "mathematics",
    "metadata",
    "news",
    "os",
    "physics",
    "politics",
    "pos",
    "robotics",
    "rss",
    "series",
    "sms",
    "species",
    "statistics",
    "tls",
    "yes",
];

/// The word that `word` is the plural of.
pub(crate) fn singular(word: &str) -> String {
    if let Ok(place) = IRREGULAR.binary_search_by(|(plural, _)| (*plural).cmp(word)) {
        return IRREGULAR.get(place).map_or(word, |(_, singular)| singular).to_owned();
    }
    if UNCHANGED.contains(&word) || !word.ends_with('s') || word.len() < 3 {
        return word.to_owned();
    }
    let cut = |count: usize| word.get(..word.len() - count).unwrap_or(word);
    if let Some(stem) = word.strip_suffix("ies") {
        return if stem.len() > 1 { format!("{stem}y") } else { cut(1).to_owned() };
    }
    if ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        return word.to_owned();
    }
    if ["sses", "shes", "ches", "xes", "zzes", "oes"].iter().any(|ending| word.ends_with(ending)) {
        return cut(2).to_owned();
    }
    // `statuses` loses `es`, `houses` and `causes` lose `s`.
    if let Some(stem) = word.strip_suffix("uses") {
        let keeps_e = stem.len() < 2 || stem.ends_with(['a', 'o']) || stem.ends_with("exc");
        return cut(if keeps_e { 1 } else { 2 }).to_owned();
    }
    let loses_es = ["aliases", "atlases", "biases", "canvases", "gases", "irises", "lenses"];
    cut(if loses_es.iter().any(|known| word.ends_with(known)) { 2 } else { 1 }).to_owned()
}

/// The plural of `word`, which is in the singular.
pub(super) fn plural(word: &str) -> String {
    if let Some((plural, _)) = IRREGULAR.iter().find(|(_, singular)| *singular == word) {
        return (*plural).to_owned();
    }
    if UNCHANGED.contains(&word) {
        return word.to_owned();
    }
    let before_y = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    if let Some(stem) = before_y.filter(|stem| !stem.is_empty()) {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending));
    format!("{word}{}", if hisses { "es" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::{IRREGULAR, plural, singular};

    #[test]
    fn irregulars_are_sorted() {
        assert!(IRREGULAR.is_sorted());
    }

    #[test]
    fn singulars() {
        let cases = "users:user people:person addresses:address statuses:status data:data news:news \
            categories:category companies:company boxes:box branches:branch caches:cache \
            databases:database cases:case houses:house warehouses:warehouse causes:cause \
            bonuses:bonus viruses:virus aliases:alias purchases:purchase expenses:expense \
            licenses:license processes:process heroes:hero shoes:shoe movies:movie indices:index \
            children:child series:series status:status analysis:analysis analyses:analysis \
            class:class address:address invoices:invoice archives:archive lives:life keys:key \
            days:day quizzes:quiz sizes:size prizes:prize media:media metrics:metric \
            topics:topic analytics:analytics lenses:lens uses:use excuses:excuse s:s as:as \
            batches:batch wishes:wish taxes:tax axes:axis buses:bus responses:response \
            courses:course exercises:exercise staff:staff sheep:sheep ties:tie oxen:ox";
        for case in cases.split_whitespace() {
            let (plural, expected) = case.split_once(':').unwrap();
            assert_eq!(singular(plural), expected, "{plural}");
        }
    }

    #[test]
    fn plurals() {
        let cases = "user:users person:people category:categories day:days address:addresses \
            box:boxes branch:branches child:children data:data news:news key:keys y:ys \
            membership:memberships status:statuses";
        for case in cases.split_whitespace() {
            let (singular, expected) = case.split_once(':').unwrap();
            assert_eq!(plural(singular), expected, "{singular}");
        }
    }
}
