//! The compiler that remembers: sources that change one at a time.
//!
//! In: texts, put and taken away by name. Out: what the one-shot functions of the crate give, which
//! are uses of it; a file is read again only if its text changed, and the schema is resolved again only
//! if any did. Never knows why a text changed, and keeps nothing that it could not make again.

use std::sync::Arc;

use crate::ddl::{self, Order, Statement};
use crate::diagnostic::{Diagnostics, Severity};
use crate::emit::{self, EmitInput, TargetRequest};
use crate::grammar::{self, Document, FileDef};
use crate::lint;
use crate::resolve::{self, ResolveOptions, Resolved};
use crate::source::{FileId, Source, Sources};
use crate::syntax::{self, Node};
use crate::{Compilation, CompileOptions};

/// Sources, and what was understood of them. After any sequence of edits it gives what a new one with
/// the same sources gives.
#[derive(Debug, Default)]
pub struct Workspace {
    sources: Sources,
    /// What was read of each source; `None` where it changed since.
    files: Vec<Option<ReadFile>>,
    /// Whether trees are kept: they are large, and only editors look at them.
    keeps_trees: bool,
    analysis: Option<(ResolveOptions, Arc<Analysis>)>,
}

/// What one source says, whatever stands in the others.
#[derive(Debug)]
struct ReadFile {
    tree: Option<Node>,
    definition: Arc<FileDef>,
    findings: Diagnostics,
}

/// What all sources mean together, before anything is emitted.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The schema and where it was written; has holes where there are errors.
    pub resolved: Resolved,
    /// In which order its objects can be created.
    pub order: Order,
    /// What there is to say, as found: not sorted, with the codes' own severities.
    pub findings: Diagnostics,
}

impl Workspace {
    /// One that holds `sources`.
    pub fn new(sources: Sources) -> Self {
        let files = sources.iter().map(|_| None).collect();
        Self { sources, files, keeps_trees: false, analysis: None }
    }

    /// The sources as they are now.
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Puts `source` in the place of the one of its name, or behind the others.
    pub fn set(&mut self, source: Source) {
        let Some(id) = self.sources.find(&source.name) else {
            self.sources.push(source);
            self.files.push(None);
            self.analysis = None;
            return;
        };
        if self.sources.get(id) != Some(&source) {
            self.sources.replace(id, source);
            self.forget(id.index()..id.index() + 1);
        }
    }

    /// Takes the source of this name away, if there is one.
    pub fn remove(&mut self, name: &str) {
        if let Some(id) = self.sources.find(name) {
            self.sources.remove(id);
            self.files.remove(id.index());
            // Places name files by their position.
            self.forget(id.index()..self.files.len());
        }
    }

    /// Holds `sources` and nothing else from now on, in their order.
    pub fn update(&mut self, sources: Sources) {
        let before = std::mem::replace(&mut self.sources, sources);
        let count = self.sources.iter().count();
        if self.files.len() != count {
            self.files.resize_with(count, || None);
            self.analysis = None;
        }
        let changed = |(id, source): (FileId, &Source)| {
            (before.get(id).map(|it| (&it.text, it.not_utf8))
                != Some((&source.text, source.not_utf8)))
            .then_some(id.index())
        };
        for index in self.sources.iter().filter_map(changed).collect::<Vec<_>>() {
            self.forget(index..index + 1);
        }
    }

    /// The tree of a source; `None` for an id of another workspace.
    pub fn tree(&mut self, file: FileId) -> Option<&Node> {
        self.keep_trees();
        self.files.get(file.index())?.as_ref()?.tree.as_ref()
    }

    /// The trees of all sources, in their order.
    pub fn trees(&mut self) -> Vec<&Node> {
        self.keep_trees();
        self.files.iter().flatten().filter_map(|file| file.tree.as_ref()).collect()
    }

    /// What the sources say, in the user's words.
    pub fn document(&mut self) -> Document {
        self.read();
        Document {
            files: self.files.iter().flatten().map(|file| Arc::clone(&file.definition)).collect(),
        }
    }

    /// What the sources mean.
    pub fn analyze(&mut self, options: &ResolveOptions) -> Arc<Analysis> {
        if let Some((known, analysis)) = &self.analysis
            && known == options
        {
            return Arc::clone(analysis);
        }
        let document = self.document();
        let mut sink = Diagnostics::new();
        for file in self.files.iter().flatten() {
            sink.extend(file.findings.clone());
        }
        let resolved = resolve::resolve(&self.sources, &document, options, &mut sink);
        lint::lint(&resolved, &mut sink);
        let order = ddl::order(&resolved.schema, &resolved.origins, &mut sink);
        let analysis = Arc::new(Analysis { resolved, order, findings: sink });
        self.analysis = Some((options.clone(), Arc::clone(&analysis)));
        analysis
    }

    /// What there is to say about the sources.
    pub fn check(&mut self, options: &CompileOptions) -> Diagnostics {
        finish(self.analyze(&options.resolve).findings.clone(), options)
    }

    /// What each target writes, if there is no error.
    pub fn compile(&mut self, options: &CompileOptions, targets: &[TargetRequest]) -> Compilation {
        let analysis = self.analyze(&options.resolve);
        let mut sink = analysis.findings.clone();
        let mut files = Vec::new();
        if !sink.has_errors() {
            let Resolved { schema, origins } = &analysis.resolved;
            let input = EmitInput::new(schema, origins, &analysis.order);
            files = emit::emit(&input, targets, &mut sink);
        }
        if sink.has_errors() {
            files.clear();
        }
        Compilation { files, diagnostics: finish(sink, options), analysis }
    }

    /// The SQL of the whole schema, one statement at a time. Empty where there are errors.
    pub fn statements(
        &mut self,
        options: &CompileOptions,
        create: ddl::CreateOptions,
    ) -> (Vec<Statement>, Arc<Analysis>, Diagnostics) {
        let analysis = self.analyze(&options.resolve);
        let statements = if analysis.findings.has_errors() {
            Vec::new()
        } else {
            ddl::create_schema(&analysis.resolved.schema, &analysis.order, create)
        };
        let diagnostics = finish(analysis.findings.clone(), options);
        (statements, analysis, diagnostics)
    }

    /// Reads the sources that changed.
    fn read(&mut self) {
        for ((id, source), file) in self.sources.iter().zip(&mut self.files) {
            if file.is_none() {
                let (tree, mut findings) = syntax::read(id, source);
                let definition = grammar::decode(&self.sources, &tree, &mut findings);
                let tree = self.keeps_trees.then_some(tree);
                *file = Some(ReadFile { tree, definition: Arc::new(definition), findings });
            }
        }
    }

    /// Reads the sources that changed, and from now on keeps what their texts look like.
    fn keep_trees(&mut self) {
        self.keeps_trees = true;
        self.read();
        for ((id, source), file) in self.sources.iter().zip(&mut self.files) {
            if let Some(ReadFile { tree: tree @ None, .. }) = file {
                *tree = Some(syntax::read(id, source).0);
            }
        }
    }

    /// Forgets what was understood of the files at these positions, and of all together.
    fn forget(&mut self, positions: std::ops::Range<usize>) {
        self.files
            .iter_mut()
            .take(positions.end)
            .skip(positions.start)
            .for_each(|file| *file = None);
        self.analysis = None;
    }
}

/// Sorts the findings, once, with the severities that the host asked for.
fn finish(sink: Diagnostics, options: &CompileOptions) -> Diagnostics {
    let mut finished = Diagnostics::new();
    for mut diagnostic in sink {
        match options.severities.get(&diagnostic.code) {
            Some(_) if diagnostic.code.severity() == Severity::Error => {}
            Some(None) => continue,
            Some(Some(severity)) => diagnostic.severity = *severity,
            None => {}
        }
        finished.push(diagnostic);
    }
    finished.finish()
}
