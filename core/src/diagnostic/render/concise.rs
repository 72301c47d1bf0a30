//! One line a finding, as compilers write it: `file:line:column: error[code]: message`.
//!
//! In: findings. Out: lines that editors and `grep` understand. Lines and columns count from 1,
//! columns in characters.

use super::place::Places;
use super::{message, visible};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{PositionEncoding, Sources};

/// All findings, each on a line that ends in a line break.
pub fn concise(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut places = Places::new(sources, PositionEncoding::Chars);
    diagnostics.iter().map(|finding| line(finding, &mut places)).collect()
}

fn line(finding: &Diagnostic, places: &mut Places<'_>) -> String {
    let severity = finding.severity.as_str();
    let text = format!("{severity}[{}]: {}\n", finding.code, message(&finding.message, false));
    let Some(source) = places.source(finding.primary.span.file) else { return text };
    let (start, _) = places.range(finding.primary.span);
    let name = visible(&source.name, false);
    format!("{name}:{}:{}: {text}", start.line + 1, start.column + 1)
}
