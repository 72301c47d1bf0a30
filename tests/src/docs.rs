//! The documentation of a code as cases: its `Wrong` must report the code, its `Right` must not.
//!
//! In: `core/docs/codes/CODE.md`. Out: the examples. A fence may carry settings, as JSON behind
//! its language: a fence `yaml {"target_version": 18}`.

use serde_json::{Value, json};

use crate::compiler::{Settings, compile, every_target};

/// Codes whose example cannot be a YAML document of a few lines, and why.
const WITHOUT_EXAMPLE: &[(&str, &str)] = &[
    ("invalid-utf8", "Markdown is UTF-8"),
    ("yaml-too-large", "the example would have 16 MB"),
    ("yaml-too-deep", "the example would be one long line of brackets"),
    ("not-editable", "an edit is refused, no schema says it"),
    ("database-error", "a database says it"),
    ("extension-unavailable", "a database says it"),
    ("unknown-target", "the host asks for it, no schema says it"),
    ("unknown-option", "the host asks for it, no schema says it"),
    ("path-outside", "the host asks for it, no schema says it"),
    ("path-collision", "the host asks for it, no schema says it"),
    ("unused-service", "the host asks for it, no schema says it"),
    ("template-error", "a defect, or a template of the host's"),
];

/// What is wrong with the documentation of `code`, if anything is.
pub fn problem(code: &str, docs: &str) -> Option<String> {
    let title = format!("# {code}\n");
    if !docs.starts_with(&title) {
        return Some(format!("begins with `# {code}`"));
    }
    let (Some(story), Some(wrong), Some(right)) =
        (section(docs, None), section(docs, Some("Wrong")), section(docs, Some("Right")))
    else {
        return Some("needs a paragraph, `## Wrong` and `## Right`".to_owned());
    };
    if story.trim().is_empty() {
        return Some("says nothing before `## Wrong`".to_owned());
    }
    if WITHOUT_EXAMPLE.iter().any(|(exempt, _)| *exempt == code) {
        return None;
    }
    let (wrong, right) = (examples(wrong), examples(right));
    if wrong.is_empty() || right.is_empty() {
        return Some("`Wrong` and `Right` each need a ```yaml example".to_owned());
    }
    for example in &wrong {
        let reported = example.codes();
        if !reported.iter().any(|reported| reported == code) {
            return Some(format!("`Wrong` reports {reported:?}\n{}", example.text));
        }
    }
    for example in &right {
        let reported = example.codes();
        if reported.iter().any(|reported| reported == code) {
            return Some(format!("`Right` reports it as well\n{}", example.text));
        }
        if let Some(error) = example.error() {
            return Some(format!("`Right` has another error: {error}\n{}", example.text));
        }
    }
    None
}

/// The text before the first `##`, or under the `##` of this title.
fn section<'d>(docs: &'d str, title: Option<&str>) -> Option<&'d str> {
    let body = match title {
        None => docs.split_once('\n')?.1,
        Some(title) => docs.split_once(&format!("\n## {title}\n"))?.1,
    };
    Some(body.split("\n## ").next().unwrap_or(body))
}

struct Example<'d> {
    settings: Value,
    text: &'d str,
}

impl Example<'_> {
    fn outcome(&self) -> crate::compiler::Outcome {
        let files = [("schema.yaml".to_owned(), self.text.to_owned())];
        compile(&files, &Settings { options: self.settings.clone() })
    }

    fn codes(&self) -> Vec<String> {
        let outcome = self.outcome();
        outcome.diagnostics.iter().map(|found| found.code.to_string()).collect()
    }

    fn error(&self) -> Option<String> {
        let outcome = self.outcome();
        let error = |found: &&schemagen_core::diagnostic::Diagnostic| {
            found.severity == schemagen_core::diagnostic::Severity::Error
        };
        outcome.diagnostics.iter().find(error).map(|found| found.message.clone())
    }
}

fn examples(section: &str) -> Vec<Example<'_>> {
    let mut examples = Vec::new();
    let mut rest = section;
    while let Some((_, fence)) = rest.split_once("```yaml") {
        let Some((info, body)) = fence.split_once('\n') else { break };
        let Some((text, after)) = body.split_once("```") else { break };
        let mut settings = serde_json::from_str(info.trim()).unwrap_or_else(|_| json!({}));
        if settings.get("targets").is_none() {
            settings["targets"] = json!(every_target());
        }
        settings["severities"] = json!({});
        examples.push(Example { settings, text });
        rest = after;
    }
    examples
}
