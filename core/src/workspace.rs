//! The compiler that remembers: sources that change one at a time.
//!
//! In: texts, put and taken away by name. Out: what the one-shot functions of the crate give, which
//! are uses of it. What a text says is read again only if it changed, and what all mean is resolved again
//! only if any did: of one table where the change lies within it, else of everything. Never knows why a
//! text changed, and keeps nothing that it could not make again.

use std::borrow::Cow;
use std::sync::Arc;

use crate::ddl::{self, Order, Statement};
use crate::diagnostic::{Diagnostics, Severity};
use crate::emit::{self, EmitInput, Memory, TargetRequest};
use crate::grammar::{self, Document, FileDef, TableChange};
use crate::lint;
use crate::resolve::{self, ResolveOptions, Resolved};
use crate::schema::Schema;
use crate::source::{FileId, Source, Sources};
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
    /// What all sources meant when that was last asked.
    analysis: Option<(ResolveOptions, Arc<Analysis>)>,
    /// What they say otherwise since then, as far as they were read.
    since: Since,
    /// What the last resolution left.
    resolution: resolve::Memory,
    /// What was emitted last, and what that left.
    emitted: Option<(Schema, Memory)>,
    /// What was known before that, and takes a while to forget.
    spent: (Option<Arc<Analysis>>, Option<Schema>),
}

/// What sources say otherwise than before.
#[derive(Debug, Default)]
enum Since {
    /// Nothing.
    #[default]
    Nothing,
    /// One of them, within one table.
    Table(Box<TableChange>),
    /// More than that.
    More,
}

impl Since {
    /// The same, and `change`.
    fn and(self, change: TableChange) -> Self {
        match self {
            Self::Nothing => Self::Table(Box::new(change)),
            Self::Table(_) | Self::More => Self::More,
        }
    }
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
            self.since = Since::More;
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
        let document = self.document();
        let since = std::mem::take(&mut self.since);
        let known = self.analysis.take().filter(|(known, _)| known == options);
        let known = known.map(|(_, analysis)| analysis);
        if let (Some(analysis), Since::Nothing) = (&known, &since) {
            let analysis = Arc::clone(analysis);
            self.analysis = Some((options.clone(), Arc::clone(&analysis)));
            return analysis;
        }
        let mut sink = Diagnostics::new();
        for file in self.files.iter().filter_map(Kept::read) {
            sink.extend(file.findings.clone());
        }
        if self.is_asked_once {
            self.forget(0);
        }
        let (sources, memory) = (&self.sources, &mut self.resolution);
        let again = match (known, since) {
            // Nobody else holds it between two answers.
            (Some(known), Since::Table(change)) => Arc::into_inner(known).and_then(|known| {
                let known = (known.resolved, change.as_ref());
                resolve::resolve_again(sources, &document, options, memory, known, &mut sink)
            }),
            (known, _) => {
                self.spent.0 = known;
                None
            }
        };
        let resolved = again
            .unwrap_or_else(|| resolve::resolve(sources, document, options, memory, &mut sink));
        if self.is_asked_once {
            self.resolution = resolve::Memory::default();
        }
        lint::lint(&resolved, &mut sink);
        let order = ddl::order(&resolved.schema, &resolved.origins, &mut sink);
        let analysis = Arc::new(Analysis { resolved, order, findings: sink });
        self.analysis = Some((options.clone(), Arc::clone(&analysis)));
        self.since = Since::Nothing;
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
                self.spent.1 = before;
                input = input.remembered(self.spent.1.as_ref().zip(memory));
            } else if options.untraced {
                input = input.untraced();
            }
            files = emit::emit(&input, targets, &mut sink);
            if !self.is_asked_once {
                self.emitted = Some((schema.clone(), input.into_memory()));
            }
        }
        if sink.has_errors() {
            files.clear();
        }
        if options.untraced {
            for file in &mut files {
                file.provenance = Vec::new();
            }
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
        self.spent = (None, None);
    }

    /// Reads the sources that changed: where the change lies within one table, that table.
    fn read(&mut self) {
        for ((id, source), kept) in self.sources.iter().zip(&mut self.files) {
            let again = match std::mem::take(kept) {
                Kept::Read(file) => {
                    *kept = Kept::Read(file);
                    continue;
                }
                Kept::Outdated(before, definition) if source.not_utf8.is_none() => {
                    grammar::decode_again(&self.sources, id, &before, definition)
                }
                Kept::Outdated(..) | Kept::Nothing => None,
            };
            *kept = Kept::Read(match again {
                Some((definition, change)) => {
                    self.since = std::mem::take(&mut self.since).and(change);
                    let (definition, findings) = (Arc::new(definition), Diagnostics::new());
                    ReadFile { tree: None, definition, findings, is_usual: true }
                }
                None => {
                    self.since = Since::More;
                    read_file(&self.sources, id, source, self.keeps_trees)
                }
            });
        }
    }

    /// Reads the sources that changed, and what their texts look like, which is kept from now on.
    fn keep_trees(&mut self) {
        self.keeps_trees = true;
        self.read();
        for ((id, source), file) in self.sources.iter().zip(&mut self.files) {
            if let Kept::Read(ReadFile { tree: tree @ None, .. }) = file {
                *tree = Some(syntax::read(id, &schema_source(source)).tree);
            }
        }
    }

    /// The text of the file at `position`, which was `before`, is another now.
    fn outdate(&mut self, position: usize, before: Arc<str>) {
        if let Some(kept) = self.files.get_mut(position) {
            *kept = std::mem::take(kept).outdated(before);
        }
    }

    /// Forgets what was understood of the files from `position` on, and of all together.
    fn forget(&mut self, position: usize) {
        self.files.iter_mut().skip(position).for_each(|file| *file = Kept::Nothing);
        self.since = Since::More;
    }
}

/// What a source says, read from its beginning; with its tree, if it is to be kept.
fn read_file(sources: &Sources, id: FileId, source: &Source, keeps_tree: bool) -> ReadFile {
    let source = schema_source(source);
    if !keeps_tree {
        let (definition, findings, is_usual) = grammar::read(sources, id, &source);
        return ReadFile { tree: None, definition: Arc::new(definition), findings, is_usual };
    }
    let Reading { tree, mut findings, is_usual } = syntax::read(id, &source);
    let definition = Arc::new(grammar::decode(sources, &tree, &mut findings));
    ReadFile { tree: Some(tree), definition, findings, is_usual }
}

/// What of a source is read as a schema: nothing of a template.
fn schema_source(source: &Source) -> Cow<'_, Source> {
    if source.name.ends_with(".jinja") {
        return Cow::Owned(Source::new(Arc::clone(&source.name), ""));
    }
    Cow::Borrowed(source)
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
