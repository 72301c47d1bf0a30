//! Expected against actual: what a case should say, and the difference.
//!
//! In: a case and what the compiler reported. Out: the case with its annotations brought up to date,
//! keeping what is still true as it was written, and a diff for people.

use similar::TextDiff;

use crate::annotate::Annotation;
use crate::case::Case;

/// Whether new expectations replace the old ones: `UPDATE=1`.
pub fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value != "0" && !value.is_empty())
}

/// The case as it would have to be for `actual` to be right. An expectation that holds stays as it is;
/// one at the same line (or else of the same code) that does not is replaced, and keeps its measure of
/// detail: labels, help and fixes only where it had them.
#[must_use]
pub fn updated(case: &Case, actual: &[Annotation]) -> Case {
    let mut open: Vec<&Annotation> = case.annotations.iter().collect();
    let mut take = |matches: &dyn Fn(&Annotation) -> bool| {
        let at = open.iter().position(|annotation| matches(annotation))?;
        Some(open.remove(at))
    };
    let mut annotations: Vec<Option<Annotation>> = actual
        .iter()
        .map(|found| take(&|expected: &Annotation| expected.accepts(found)).cloned())
        .collect();
    for (slot, found) in annotations.iter_mut().zip(actual) {
        if slot.is_some() {
            continue;
        }
        let near = |expected: &Annotation| {
            expected.code() == found.code() && expected.line.abs_diff(found.line) <= 1
        };
        let old = take(&|expected: &Annotation| near(expected) && expected.line == found.line)
            .or_else(|| take(&near));
        *slot = match old {
            Some(old) if !old.is_open() => Some(with_detail_of(found, old)),
            Some(_) => Some(found.clone()),
            None => found.is_required().then(|| found.clone()),
        };
    }
    Case { annotations: annotations.into_iter().flatten().collect(), ..case.clone() }
}

fn with_detail_of(found: &Annotation, old: &Annotation) -> Annotation {
    let kind = |line: &str| line.split([' ', ':']).next().unwrap_or_default().to_owned();
    let kinds: Vec<String> = old.rest.iter().map(|line| kind(line)).collect();
    let rest = found.rest.iter().filter(|line| kinds.contains(&kind(line))).cloned().collect();
    Annotation { rest, ..found.clone() }
}

/// What changes from `before` to `after`, as a unified diff with three lines of context.
pub fn diff(before: &str, after: &str, before_name: &str, after_name: &str) -> String {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(before_name, after_name)
        .to_string()
}
