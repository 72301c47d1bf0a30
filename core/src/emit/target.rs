//! What a target is: what it reads, and how one page of it becomes a file.

use std::any::Any;
use std::cell::{OnceCell, RefCell};

use super::errors;
use super::memory::Memory;
use super::options::{Options, TargetInfo};
use super::output::{self, File};
use super::shapes::{Alike, ItemId, Relations, Shapes};
use super::template::{self, Marks, Template};
use crate::ddl;
use crate::diagnostic::Diagnostics;
use crate::schema::{Origins, RelationId, Schema, TableId};
use crate::source::Sources;

/// One kind of output.
pub trait Target: Sync {
    /// Its name and options.
    fn info(&self) -> &'static TargetInfo;

    /// The files for a schema without errors. `out` is normalised: relative, `/`-separated, without
    /// `.` and `..`, possibly empty for the project's root; see [`output::place`].
    fn emit(
        &self,
        input: &EmitInput<'_>,
        options: &Options,
        out: &str,
        sink: &mut Diagnostics,
    ) -> Vec<File>;
}

/// What a target reads.
#[derive(Debug)]
pub struct EmitInput<'a> {
    /// The resolved schema, free of errors.
    pub schema: &'a Schema,
    /// Where its objects were written.
    pub origins: &'a Origins,
    /// In which order they can be created.
    pub order: &'a ddl::Order,
    /// Where users' templates are found; none for hosts that have none.
    pub sources: Option<&'a Sources>,
    shapes: OnceCell<Shapes>,
    relations: OnceCell<Relations>,
    /// The schema of the last emission beside this one, where they can be compared.
    alike: Option<Alike>,
    /// Whether another emission may follow, to which this one leaves what it made.
    pub(super) is_remembered: bool,
    /// Whether anybody asks which lines say what.
    pub(super) is_traced: bool,
    /// What the last emission left, as far as it was not taken yet.
    left: RefCell<Memory>,
    /// What this one leaves.
    kept: RefCell<Memory>,
}

impl<'a> EmitInput<'a> {
    /// What targets read of a schema.
    pub fn new(schema: &'a Schema, origins: &'a Origins, order: &'a ddl::Order) -> Self {
        Self {
            schema,
            origins,
            order,
            sources: None,
            shapes: OnceCell::new(),
            relations: OnceCell::new(),
            alike: None,
            is_remembered: false,
            is_traced: true,
            left: RefCell::default(),
            kept: RefCell::default(),
        }
    }

    /// The same, with the sources that templates are among.
    #[must_use]
    pub fn with_sources(self, sources: &'a Sources) -> Self {
        Self { sources: Some(sources), ..self }
    }

    /// The same, to be emitted after what is given: a schema, and what its emission left. It leaves
    /// something itself.
    #[must_use]
    pub fn remembered(self, last: Option<(&Schema, Memory)>) -> Self {
        let (before, left) = last.unzip();
        let alike = before.and_then(|before| Alike::of(before, self.schema));
        let left = RefCell::new(left.unwrap_or_default());
        Self { alike, is_remembered: true, left, ..self }
    }

    /// The same, of which nobody asks which lines say what: targets may leave out what takes time to say.
    #[must_use]
    pub fn untraced(self) -> Self {
        Self { is_traced: false, ..self }
    }

    /// What this emission leaves to the next one.
    pub fn into_memory(self) -> Memory {
        let mut memory = self.kept.into_inner();
        memory.shapes = self.shapes.into_inner();
        memory
    }

    /// The target-neutral entities. Computed for the first target that asks; what there is to say of
    /// them is reported then.
    pub fn shapes(&self, sink: &mut Diagnostics) -> &Shapes {
        self.shapes.get_or_init(|| {
            let last = self.alike.as_ref().zip(self.left.borrow_mut().shapes.take());
            Shapes::new(self.schema, self.origins, last, sink)
        })
    }

    /// Whether a table is what it was in the last emission, as [`Shapes::is_same`] says of items.
    pub(super) fn is_same_table(&self, id: TableId) -> bool {
        let item = ItemId::Relation(RelationId::Table(id));
        self.alike.as_ref().is_some_and(|alike| alike.is_same(item))
    }

    /// What `target` kept in the last emission to `out`. What was made of items that are not the same is
    /// out of date.
    pub(super) fn last_parts<T: Any + Default>(&self, target: &TargetInfo, out: &str) -> T {
        self.left.borrow_mut().take(target.name, out)
    }

    /// Keeps parts for the next emission of `target` to `out`, if there may be one.
    pub(super) fn keep_parts<T: Any + Send>(
        &self,
        target: &TargetInfo,
        out: &str,
        parts: impl FnOnce() -> T,
    ) {
        if self.is_remembered {
            self.kept.borrow_mut().keep(target.name, out, parts());
        }
    }

    /// The relations between them, computed for the first target that asks.
    pub fn relations(&self, sink: &mut Diagnostics) -> &Relations {
        self.relations.get_or_init(|| Relations::new(self.schema, self.shapes(sink)))
    }
}

/// The file that `template` gives over `context`, where a target writes but one; none where the template
/// fails, which is reported.
pub(super) fn one_file(
    info: &'static TargetInfo,
    out: &str,
    template: &Template,
    context: minijinja::Value,
    marks: &Marks,
    sink: &mut Diagnostics,
) -> Vec<File> {
    file_at(info, output::place(out, info.default_out), template, context, marks, sink)
}

/// The file at `path` that `template` gives over `context`; none where the template fails, which is
/// reported.
pub(super) fn file_at(
    info: &'static TargetInfo,
    path: String,
    template: &Template,
    context: minijinja::Value,
    marks: &Marks,
    sink: &mut Diagnostics,
) -> Vec<File> {
    match template::render(template, context, marks) {
        Ok(rendered) => vec![File {
            path,
            text: rendered.text,
            target: info.name,
            provenance: rendered.provenance,
        }],
        Err(error) => {
            sink.push(errors::template(&error));
            Vec::new()
        }
    }
}
