//! What each format looks like, and that hostile text stays small and harmless.

use super::*;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::source::{FileId, Sources, Span};

fn place(sources: &Sources, file: u32, part: &str) -> Span {
    let file = FileId::new(file);
    let at = sources.get(file).unwrap().text.find(part).unwrap() as u32;
    Span::new(file, at..at + part.len() as u32)
}

fn example() -> (Diagnostics, Sources) {
    let mut sources = Sources::new();
    sources.add("a.yaml", "tables:\n  users:\n    columns:\n      naïve😀: txt\n");
    sources.add("b.yaml", "tables:\n  users: {}\n");
    let mut findings = Diagnostics::new();
    findings.push(
        Diagnostic::new(Code::UnknownType, place(&sources, 0, "txt"), "no type is called `txt`")
            .here("not a type")
            .label(place(&sources, 0, "users"), "of this table")
            .label(place(&sources, 1, "users"), "also here")
            .help("write a type of PostgreSQL")
            .note("100% sure")
            .fix("write `text`", Safety::Safe, place(&sources, 0, "txt"), "text"),
    );
    findings.push(Diagnostic::new(Code::UnknownTarget, Span::NOWHERE, "no target is called `x`"));
    (findings, sources)
}

#[test]
fn rich_shows_the_lines_that_matter() {
    let (findings, sources) = example();
    let text = rich(&findings, &sources, RichOptions::default());
    let expected = r"error[unknown-type]: no type is called `txt`
 --> a.yaml:4:15
  |
2 |   users:
  |   ----- of this table
3 |     columns:
4 |       naïve😀: txt
  |                ^^^ not a type
  |
 ::: b.yaml:2:3
  |
2 |   users: {}
  |   ----- also here
  |
  = note: 100% sure
  = help: write a type of PostgreSQL
help: write `text`
  |
4 |       naïve😀: text
  |                 +

error[unknown-target]: no target is called `x`

2 errors
";
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn concise_is_a_line_a_finding() {
    let (findings, sources) = example();
    let expected = "a.yaml:4:15: error[unknown-type]: no type is called `txt`\n\
                    error[unknown-target]: no target is called `x`\n";
    assert_eq!(concise(&findings, &sources), expected);
}

#[test]
fn json_counts_in_utf16_from_zero() {
    let (findings, sources) = example();
    let value = json_value(&findings, &sources);
    let first = &value[0];
    assert_eq!(first["file"], "a.yaml");
    assert_eq!(first["range"]["start"], serde_json::json!({ "line": 3, "column": 15 }));
    assert_eq!(first["range"]["end"], serde_json::json!({ "line": 3, "column": 18 }));
    assert_eq!(first["labels"][1]["file"], "b.yaml");
    assert_eq!(first["fixes"][0]["safe"], true);
    assert_eq!(first["fixes"][0]["edits"][0]["text"], "text");
    assert_eq!(value[1]["file"], "");
    assert!(value[1].get("help").is_none());
}

#[test]
fn github_escapes_what_it_must() {
    let mut sources = Sources::new();
    let file = sources.add("a,b:c.yaml", "x: 1\ny: 2\n");
    let mut findings = Diagnostics::new();
    let one =
        Diagnostic::new(Code::YamlSyntax, Span::new(file, 3..4), "50%, or\nless").help("stop");
    findings.push(one);
    findings.push(Diagnostic::new(Code::LabelNotString, Span::new(file, 0..9), "two lines"));
    let expected = "::error file=a%2Cb%3Ac.yaml,line=1,endLine=1,col=4,endColumn=4,title=yaml-syntax::50%25, or%0Aless%0Ahelp: stop\n\
                    ::warning file=a%2Cb%3Ac.yaml,line=1,endLine=2,title=label-not-string::two lines\n";
    assert_eq!(github(&findings, &sources), expected);
}

#[test]
fn summary_counts_by_severity() {
    let (mut findings, _) = example();
    assert_eq!(summary(&findings), "2 errors");
    findings.push(Diagnostic::new(Code::LabelNotString, Span::NOWHERE, "x"));
    assert_eq!(summary(&findings), "2 errors, 1 warning");
    assert_eq!(summary(&Diagnostics::new()), "no findings");
}

#[test]
fn hostile_text_stays_small_and_visible() {
    let mut sources = Sources::new();
    let long = format!("k: {}\u{1b}[31mé\u{202e}{}", "x".repeat(500_000), "y".repeat(500_000));
    let file = sources.add("evil\u{1b}.yaml", long.clone());
    let mut findings = Diagnostics::new();
    for at in (0..1_000_000_u32).step_by(2_000) {
        let word = format!("\u{1b}[2J{}", "z".repeat(10_000));
        let finding = Diagnostic::new(Code::YamlSyntax, Span::new(file, at..at + 1), word)
            .label(Span::new(file, 0..1_000_000), "all\u{7}")
            .fix("cut", Safety::Safe, Span::new(file, 0..1_000_000), "\u{9b}");
        findings.push(finding);
    }
    findings.push(Diagnostic::new(Code::YamlSyntax, Span::new(file, 500_003..500_020), "here"));
    let text = rich(&findings, &sources, RichOptions::default());
    assert!(text.len() < 2_000_000, "{}", text.len());
    for text in [text, concise(&findings, &sources)] {
        let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(raw), "{:?}", text.find(raw));
    }
}

#[test]
fn every_place_can_be_drawn() {
    let texts = ["", "\n", "a", "a\r\nb\r\n", "é\t😀\n\n\nx\n\n\n\n\n\n\n\n\ny"];
    for text in texts {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        for start in 0..=text.len() as u32 + 1 {
            for end in start..=text.len() as u32 + 1 {
                let mut findings = Diagnostics::new();
                let span = Span::new(file, start..end);
                let finding = Diagnostic::new(Code::YamlSyntax, span, "m")
                    .here("h")
                    .label(Span::new(file, 0..0), "l")
                    .fix("f", Safety::Safe, span, "new\nlines");
                findings.push(finding);
                for width in [0, 80] {
                    assert!(
                        rich(&findings, &sources, RichOptions { color: true, width }).contains('m')
                    );
                }
            }
        }
    }
}
