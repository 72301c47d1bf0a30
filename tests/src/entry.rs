//! The entry of the fuzz target, which the tests run as well.
//!
//! In: bytes. Out: nothing; it panics where a promise is broken. Everything that reads what users
//! write is behind it: all targets, the statements, the renderers.

use schemagen_core::diagnostic::{Code, render};
use schemagen_core::source::{Sources, Span};
use schemagen_core::{TargetRequest, compile, statements};

use crate::compiler::{Settings, every_target};

/// Compiles the bytes with every target and renders what there is to say.
pub fn run(bytes: &[u8]) {
    let mut sources = Sources::new();
    sources.add("schema.yaml", String::from_utf8_lossy(bytes).as_ref());
    let options = Settings::of_every_target().compile();
    let requests: Vec<TargetRequest> = every_target()
        .into_iter()
        .map(|target| TargetRequest { target: target.to_owned(), ..TargetRequest::default() })
        .collect();
    let compilation = compile(&sources, &options, &requests);
    for diagnostic in &compilation.diagnostics {
        let span = diagnostic.primary.span;
        let is_inside =
            sources.get(span.file).is_some_and(|file| file.text.get(span.range()).is_some());
        assert!(is_inside || span == Span::NOWHERE, "{}: {span:?}", diagnostic.message);
        assert!(!diagnostic.message.is_empty() && Code::find(diagnostic.code.as_str()).is_some());
    }
    assert!(compilation.files.is_empty() || !compilation.diagnostics.has_errors());
    let _ = statements(&sources, &options);
    let _ = render::rich(&compilation.diagnostics, &sources, render::RichOptions::default());
    let _ = render::concise(&compilation.diagnostics, &sources);
    let _ = render::json(&compilation.diagnostics, &sources);
    let _ = render::github(&compilation.diagnostics, &sources);
}
