//! What the features read: texts, trees and meaning.
//!
//! In: a workspace. Out: a [`Project`], lent to a question. Where someone types at the moment, and that
//! keeps the file from being read, the project is what it would be without what is being typed.

use std::sync::Arc;

use super::scan::cursor;
use crate::diagnostic::{Code, Diagnostics};
use crate::resolve::{self, ResolveOptions, Resolved};
use crate::schema::ObjectId;
use crate::source::{FileId, Source, Sources};
use crate::sql::ExprCache;
use crate::syntax::{self, Node};
use crate::{Workspace, grammar};

/// What the features read.
#[derive(Debug)]
pub struct Project<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// Their trees, in the same order.
    pub trees: Vec<&'a Node>,
    /// What they mean; has holes where there are errors.
    pub resolved: &'a Resolved,
}

impl Project<'_> {
    /// Every object of the schema. What is written in the same place as another object comes before
    /// the one that the place is known for.
    pub(crate) fn objects(&self) -> Vec<ObjectId> {
        let schema = &self.resolved.schema;
        let mut all: Vec<ObjectId> = Vec::new();
        all.extend(schema.namespaces.ids().map(ObjectId::Namespace));
        for (id, table) in schema.tables.iter() {
            all.extend((0..table.constraints.len() as u32).map(|at| ObjectId::Constraint(id, at)));
            all.extend((0..table.indexes.len() as u32).map(|at| ObjectId::Index(id, at)));
            all.extend((0..table.columns.len() as u32).map(|at| ObjectId::Column(id, at)));
        }
        for (id, view) in schema.views.iter() {
            all.extend((0..view.indexes.len() as u32).map(|at| ObjectId::ViewIndex(id, at)));
        }
        for (id, labels) in schema.enums.iter() {
            all.extend((0..labels.values.len() as u32).map(|at| ObjectId::EnumLabel(id, at)));
        }
        all.extend(schema.extensions.ids().map(ObjectId::Extension));
        all.extend(schema.roles.ids().map(ObjectId::Role));
        all.extend(schema.grants.ids().map(ObjectId::Grant));
        all.extend(schema.publications.ids().map(ObjectId::Publication));
        all.extend(schema.triggers.ids().map(ObjectId::Trigger));
        all.extend(schema.policies.ids().map(ObjectId::Policy));
        all.extend(schema.functions.ids().map(ObjectId::Function));
        all.extend(schema.sequences.ids().map(ObjectId::Sequence));
        all.extend(schema.enums.ids().map(ObjectId::Enum));
        all.extend(schema.domains.ids().map(ObjectId::Domain));
        all.extend(schema.composites.ids().map(ObjectId::Composite));
        all.extend(schema.views.ids().map(ObjectId::View));
        all.extend(schema.tables.ids().map(ObjectId::Table));
        all
    }
}

/// Asks about the sources as they stand.
pub fn ask<T>(
    workspace: &mut Workspace,
    options: &ResolveOptions,
    question: impl FnOnce(&Project<'_>) -> T,
) -> T {
    let analysis = workspace.analyze(options);
    let sources = workspace.sources().clone();
    let trees = workspace.trees();
    question(&Project { sources: &sources, trees, resolved: &analysis.resolved })
}

/// Asks about the sources as someone types at `offset` of `file`.
pub fn ask_typing<T>(
    workspace: &mut Workspace,
    options: &ResolveOptions,
    file: FileId,
    offset: u32,
    question: impl FnOnce(&Project<'_>) -> T,
) -> T {
    let analysis = workspace.analyze(options);
    let sources = workspace.sources().clone();
    let is_broken = analysis
        .findings
        .iter()
        .any(|it| it.code == Code::YamlSyntax && it.primary.span.file == file);
    let source = sources.get(file).filter(|_| is_broken);
    let Some(text) = source.and_then(|source| mended(&source.text, offset)) else {
        let trees = workspace.trees();
        return question(&Project { sources: &sources, trees, resolved: &analysis.resolved });
    };
    let mut sink = Diagnostics::new();
    let tree = syntax::read(file, &Source::new("", text)).tree;
    let mut document = workspace.document();
    if let Some(definition) = document.files.get_mut(file.index()) {
        *definition = Arc::new(grammar::decode(&sources, &tree, &mut sink));
    }
    let resolved =
        resolve::resolve(&sources, &document, options, &mut ExprCache::default(), &mut sink);
    let mut trees = workspace.trees();
    if let Some(slot) = trees.get_mut(file.index()) {
        *slot = &tree;
    }
    question(&Project { sources: &sources, trees, resolved: &resolved })
}

/// `text` with what is being typed at `offset` blanked out, byte for byte, so that the rest can be
/// read and no place moves. `None` where nothing there keeps it from being read.
fn mended(text: &str, offset: u32) -> Option<String> {
    let cursor = cursor(text, offset as usize)?;
    let broken = cursor.broken.filter(|broken| !broken.is_empty())?;
    let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
    let blanks: String = text.get(broken.clone())?.bytes().map(blank).collect();
    Some(format!("{}{blanks}{}", text.get(..broken.start)?, text.get(broken.end..)?))
}
