//! Findings as workflow commands of GitHub Actions, which show them beside the changed lines.
//!
//! In: findings. Out: `::error file=…,line=…::message` lines. GitHub takes columns only for a place
//! within one line; lines and columns count from 1, the end column is the last one inside.

use super::message;
use super::place::Places;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::{PositionEncoding, Sources};

/// All findings, each on a line that ends in a line break.
pub fn github(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut places = Places::new(sources, PositionEncoding::Chars);
    diagnostics.iter().map(|finding| command(finding, &mut places)).collect()
}

fn command(finding: &Diagnostic, places: &mut Places<'_>) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(source) = places.source(finding.primary.span.file) {
        let (start, end) = places.range(finding.primary.span);
        properties.push(format!("file={}", property(&source.name)));
        properties.push(format!("line={}", start.line + 1));
        properties.push(format!("endLine={}", end.line + 1));
        if start.line == end.line {
            properties.push(format!("col={}", start.column + 1));
            properties.push(format!("endColumn={}", end.column.max(start.column + 1)));
        }
    }
    properties.push(format!("title={}", property(finding.code.as_str())));
    let properties = properties.join(",");
    let text = data(&message(&finding.message, true));
    let help = finding.help.as_ref().map(|help| format!("%0Ahelp: {}", data(&message(help, true))));
    format!("::{name} {properties}::{text}{}\n", help.unwrap_or_default())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
