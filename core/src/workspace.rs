//! The compiler that remembers: sources that change one at a time.
//!
//! In: texts, put and taken away by name. Out: what the one-shot functions of the crate give, which
//! are uses of it; a file is read again only if its text changed, and the schema is resolved again only
//! if any did. Never knows why a text changed, and keeps nothing that it could not make again.

use std::sync::Arc;

use crate::ddl::{self, Order, Statement};
use crate::diagnostic::{Diagnostics, Severity};
use crate::emit::{self, EmitInput, Memory, TargetRequest};
use crate::grammar::{self, Document, FileDef};
use crate::lint;
use crate::resolve::{self, ResolveOptions, Resolved};
use crate::source::{FileId, Source, Sources};
use crate::sql::ExprCache;
use crate::syntax::{self, Node, Reading};
use crate::{Compilation, CompileOptions};

/// Sources, and what was understood of them. After any sequence of edits it gives what a new one with
/// the same sources gives.
#[derive(Debug, Default)]
pub struct Workspace {
    sources: Sources,
    /// What is known of each source.
    files: Vec<Kept>,
    /// Whether trees are kept where a file is read: they are large, and only editors look at them.
    keeps_trees: bool,
    /// Whether what each source says is forgotten once it is known what all mean.
    is_asked_once: bool,
    analysis: Option<(ResolveOptions, Arc<Analysis>)>,
    /// The SQL of the last analysis, as it was read.
    texts: ExprCache,
    /// What was emitted last, and what that left.
    emitted: Option<(Arc<Analysis>, Memory)>,
    /// What was emitted before that.
    spent: Option<Arc<Analysis>>,
}

/// What is known of one source.
#[derive(Debug, Default)]
enum Kept {
    /// Nothing.
    #[default]
    Nothing,
    /// What it said when its text was another, in the usual way and without findings.
    Outdated(Arc<str>, Arc<FileDef>),
    /// What it says.
    Read(ReadFile),
}

/// What one source says, whatever stands in the others.
#[derive(Debug)]
struct ReadFile {
    tree: Option<Node>,
    definition: Arc<FileDef>,
    findings: Diagnostics,
    /// Whether its text is written in the usual way.
    is_usual: bool,
}

impl Kept {
    const fn read(&self) -> Option<&ReadFile> {
        match self {
            Self::Read(file) => Some(file),
            Self::Nothing | Self::Outdated(..) => None,
        }
    }

    /// What remains of it where its text, which was `before`, changes.
    fn outdated(self, before: Arc<str>) -> Self {
        match self {
            Self::Read(file) if file.is_usual && file.findings.is_empty() => {
                Self::Outdated(before, file.definition)
            }
            Self::Outdated(..) => self,
            Self::Nothing | Self::Read(_) => Self::Nothing,
        }
    }
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
        let files = sources.iter().map(|_| Kept::Nothing).collect();
        Self { sources, files, ..Self::default() }
    }

    /// One that holds `sources` and is to answer once. It gives the same answers, with less memory.
    pub fn once(sources: Sources) -> Self {
        Self { is_asked_once: true, ..Self::new(sources) }
    }

    /// The sources as they are now.
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Puts `source` in the place of the one of its name, or behind the others.
    pub fn set(&mut self, source: Source) {
        let Some(id) = self.sources.find(&source.name) else {
            self.sources.push(source);
            self.files.push(Kept::Nothing);
            self.analysis = None;
            return;
        };
        if let Some(before) = self.sources.get(id).filter(|before| **before != source) {
            let before = Arc::clone(&before.text);
            self.sources.replace(id, source);
            self.outdate(id.index(), before);
        }
    }

    /// Takes the source of this name away, if there is one.
    pub fn remove(&mut self, name: &str) {
        if let Some(id) = self.sources.find(name) {
            self.sources.remove(id);
            self.files.remove(id.index());
            // Places name files by their position.
            self.forget(id.index());
        }
    }

    /// Holds `sources` and nothing else from now on, in their order.
    pub fn update(&mut self, sources: Sources) {
        let before = std::mem::replace(&mut self.sources, sources);
        let count = self.sources.iter().count();
        if self.files.len() != count {
            self.files.resize_with(count, Kept::default);
            self.analysis = None;
        }
        for index in 0..count {
            let id = FileId::new(index as u32);
            let says = |sources: &Sources| {
                sources.get(id).map(|source| (Arc::clone(&source.text), source.not_utf8))
            };
            let said = says(&before);
            if said != says(&self.sources) {
                self.outdate(index, said.map(|(text, _)| text).unwrap_or_default());
            }
        }
    }

    /// The tree of a source; `None` for an id of another workspace.
    pub fn tree(&mut self, file: FileId) -> Option<&Node> {
        self.keep_trees();
        self.files.get(file.index())?.read()?.tree.as_ref()
    }

    /// The trees of all sources, in their order.
    pub fn trees(&mut self) -> Vec<&Node> {
        self.keep_trees();
        self.files.iter().filter_map(|file| file.read()?.tree.as_ref()).collect()
    }

    /// What the sources say, in the user's words.
    pub fn document(&mut self) -> Document {
        self.read();
        Document {
            files: self
                .files
                .iter()
                .filter_map(|file| Some(Arc::clone(&file.read()?.definition)))
                .collect(),
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
        for file in self.files.iter().filter_map(Kept::read) {
            sink.extend(file.findings.clone());
        }
        if self.is_asked_once {
            self.forget(0);
        }
        let texts = &mut self.texts;
        let resolved = resolve::resolve(&self.sources, &document, options, texts, &mut sink);
        if self.is_asked_once {
            self.texts = ExprCache::default();
        }
        drop(document);
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
        self.rest();
        let analysis = self.analyze(&options.resolve);
        let mut sink = analysis.findings.clone();
        let mut files = Vec::new();
        if !sink.has_errors() {
            let Resolved { schema, origins } = &analysis.resolved;
            let mut input = EmitInput::new(schema, origins, &analysis.order);
            input = input.with_sources(&self.sources);
            if !self.is_asked_once {
                let (before, memory) = self.emitted.take().unzip();
                self.spent = before;
                let before = self.spent.as_ref().map(|before| &before.resolved.schema);
                input = input.remembered(before.zip(memory));
            }
            files = emit::emit(&input, targets, &mut sink);
            if !self.is_asked_once {
                self.emitted = Some((Arc::clone(&analysis), input.into_memory()));
            }
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

    /// Forgets what only the last answer needed, which takes a while: for the time after an answer.
    pub fn rest(&mut self) {
        self.spent = None;
    }

    /// Reads the sources that changed: where the change lies within one table, that table.
    fn read(&mut self) {
        for ((id, source), kept) in self.sources.iter().zip(&mut self.files) {
            let known = match std::mem::take(kept) {
                Kept::Read(file) => Some(file),
                Kept::Outdated(before, definition) if source.not_utf8.is_none() => {
                    let definition = grammar::decode_again(&self.sources, id, &before, definition);
                    definition.map(|definition| ReadFile {
                        tree: None,
                        definition: Arc::new(definition),
                        findings: Diagnostics::new(),
                        is_usual: true,
                    })
                }
                Kept::Outdated(..) | Kept::Nothing => None,
            };
            *kept = Kept::Read(known.unwrap_or_else(|| {
                let Reading { tree, mut findings, is_usual } = read_schema(id, source);
                let definition = grammar::decode(&self.sources, &tree, &mut findings);
                let tree = self.keeps_trees.then_some(tree);
                ReadFile { tree, definition: Arc::new(definition), findings, is_usual }
            }));
        }
    }

    /// Reads the sources that changed, and what their texts look like, which is kept from now on.
    fn keep_trees(&mut self) {
        self.keeps_trees = true;
        self.read();
        for ((id, source), file) in self.sources.iter().zip(&mut self.files) {
            if let Kept::Read(ReadFile { tree: tree @ None, .. }) = file {
                *tree = Some(read_schema(id, source).tree);
            }
        }
    }

    /// The text of the file at `position`, which was `before`, is another now.
    fn outdate(&mut self, position: usize, before: Arc<str>) {
        if let Some(kept) = self.files.get_mut(position) {
            *kept = std::mem::take(kept).outdated(before);
        }
        self.analysis = None;
    }

    /// Forgets what was understood of the files from `position` on, and of all together.
    fn forget(&mut self, position: usize) {
        self.files.iter_mut().skip(position).for_each(|file| *file = Kept::Nothing);
        self.analysis = None;
    }
}

/// What a source says; a template says nothing of the schema.
fn read_schema(id: FileId, source: &Source) -> Reading {
    if source.name.ends_with(".jinja") {
        let nothing = Source::new(Arc::clone(&source.name), "");
        return Reading { is_usual: false, ..syntax::read(id, &nothing) };
    }
    syntax::read(id, source)
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
