//! The compiler that remembers, as a JavaScript class.
//!
//! In: plain objects. Out: plain objects. Holds core's workspace and converts; the one-shot doors of
//! `lib.rs` are uses of it.

use schemagen_core::source::{Source, Sources};
use schemagen_core::{ddl, workspace};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::convert::{self, Places};
use crate::memory;
use crate::types::{self, CheckOptions, CompileOptions, SourceFile};

/// Sources that change one at a time, and what was understood of them.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Workspace {
    pub(crate) kept: workspace::Workspace,
}

#[wasm_bindgen]
impl Workspace {
    /// One without sources.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `file` in the place of the one of its name, or behind the others.
    pub fn set(&mut self, file: Ts<SourceFile>) -> Result<(), JsError> {
        self.kept.set(source(file)?);
        Ok(())
    }

    /// Takes the file of this name away, if there is one.
    pub fn remove(&mut self, name: &str) {
        self.kept.remove(name);
    }

    /// Holds `files` and nothing else from now on, in their order.
    pub fn update(&mut self, files: Vec<Ts<SourceFile>>) -> Result<(), JsError> {
        self.kept.update(sources(files)?);
        Ok(())
    }

    /// Everything that the targets write, or what is wrong.
    pub fn compile(
        &mut self,
        options: Ts<CompileOptions>,
    ) -> Result<Ts<types::CompileResult>, JsError> {
        let options = options.to_rust()?;
        let targets: Vec<_> = options.targets.into_iter().map(convert::request).collect();
        let untraced = options.provenance == Some(false);
        let options =
            schemagen_core::CompileOptions { untraced, ..convert::options(options.check)? };
        let result = self.kept.compile(&options, &targets);
        Ok(self.places().compilation(result)?.into_ts()?)
    }

    /// Forgets what only the last answer needed, which takes a while: for the time after an answer.
    pub fn rest(&mut self) {
        self.kept.rest();
    }

    /// What there is to say.
    pub fn check(&mut self, options: Ts<CheckOptions>) -> Result<Ts<types::CheckResult>, JsError> {
        let diagnostics = self.kept.check(&convert::options(options.to_rust()?)?);
        let ok = !diagnostics.has_errors();
        let diagnostics = self.places().diagnostics(diagnostics);
        Ok(types::CheckResult { ok, diagnostics }.into_ts()?)
    }

    /// The SQL, one statement at a time.
    pub fn statements(
        &mut self,
        options: Ts<CheckOptions>,
    ) -> Result<Ts<types::StatementsResult>, JsError> {
        let options = convert::options(options.to_rust()?)?;
        let (list, analysis, diagnostics) =
            self.kept.statements(&options, ddl::CreateOptions::default());
        Ok(self.places().statements(&list, &analysis.resolved, diagnostics).into_ts()?)
    }

    /// Where UTF-16 units `start..end` of the `index`-th statement were written, if they stand in a
    /// source.
    pub fn locate(
        &mut self,
        options: Ts<CheckOptions>,
        index: usize,
        start: u32,
        end: u32,
    ) -> Result<Option<Ts<types::Location>>, JsError> {
        let options = convert::options(options.to_rust()?)?;
        let (list, analysis, _) = self.kept.statements(&options, ddl::CreateOptions::default());
        let location =
            list.get(index).and_then(|it| self.places().locate(it, &analysis.resolved, start..end));
        Ok(location.map(|location| location.into_ts()).transpose()?)
    }
}

impl Workspace {
    /// One that holds `files`.
    pub(crate) fn of(files: Vec<Ts<SourceFile>>) -> Result<Self, JsError> {
        Ok(Self { kept: workspace::Workspace::new(sources(files)?) })
    }

    /// One that holds `files` and is to answer once.
    pub(crate) fn once(files: Vec<Ts<SourceFile>>) -> Result<Self, JsError> {
        Ok(Self { kept: workspace::Workspace::once(sources(files)?) })
    }

    fn places(&self) -> Places<'_> {
        Places::new(self.kept.sources())
    }
}

/// The sources of one call.
pub(crate) fn sources(files: Vec<Ts<SourceFile>>) -> Result<Sources, JsError> {
    let mut sources = Sources::new();
    for file in files {
        sources.push(source(file)?);
    }
    memory::make_room(sources.iter().map(|(_, source)| source.text.len()).sum());
    Ok(sources)
}

fn source(file: Ts<SourceFile>) -> Result<Source, JsError> {
    let SourceFile { name, text } = file.to_rust()?;
    Ok(Source::from_bytes(name, text.0))
}
