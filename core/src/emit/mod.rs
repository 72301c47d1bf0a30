//! The targets: a resolved schema in, files out.
//!
//! In: the schema with its origins, and what the host asked for. Out: [`File`]s, each line of which
//! knows the object that it says. Three levels decide one thing each: `shapes` what an entity is,
//! a target's context how its language says it, the template where it stands on the page. Never reads
//! YAML, never touches a disk, never writes outside the project.

pub mod custom;
pub mod dbml;
pub mod docs;
pub mod drizzle;
pub mod erd;
pub mod json_schema;
pub mod lang;
pub mod memory;
pub mod options;
pub mod output;
pub mod pydantic;
pub mod redis;
pub mod registry;
pub mod rpc;
pub mod shapes;
pub mod sql;
pub mod sqlalchemy;
pub mod sqlx;
pub mod supabase;
pub mod template;
pub mod zod;

mod config_schema;
mod errors;
mod exports;

pub use config_schema::config_json_schema;
pub use memory::Memory;
pub use options::{OptionInfo, OptionKind, Options};
pub use output::{File, Provenance};
pub use shapes::{Relations, Shapes};

use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::memory::Alike;
use self::shapes::ItemId;
use self::template::{Marks, Template};
use crate::ddl;
use crate::diagnostic::Diagnostics;
use crate::schema::{Origins, RelationId, Schema, TableId};
use crate::source::Sources;

/// What a target is called and takes. The command line's help, the schema of the configuration file
/// and the documentation are made from it.
#[derive(Debug, PartialEq, Eq)]
pub struct TargetInfo {
    /// The name that requests use: `sql`, `zod`.
    pub name: &'static str,
    /// Its name as people write it.
    pub title: &'static str,
    /// What it writes, in a few sentences of Markdown.
    pub docs: &'static str,
    /// What it may be told.
    pub options: &'static [OptionInfo],
    /// Where it writes unless told otherwise: a file, or a folder for targets of many files.
    pub default_out: &'static str,
}

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
    is_remembered: bool,
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
    fn is_same_table(&self, id: TableId) -> bool {
        let item = ItemId::Relation(RelationId::Table(id));
        self.alike.as_ref().is_some_and(|alike| alike.is_same(item))
    }

    /// What `target` kept in the last emission to `out`. What was made of items that are not the same is
    /// out of date.
    fn last_parts<T: Any + Default>(&self, target: &TargetInfo, out: &str) -> T {
        self.left.borrow_mut().take(target.name, out)
    }

    /// Keeps parts for the next emission of `target` to `out`, if there may be one.
    fn keep_parts<T: Any + Send>(&self, target: &TargetInfo, out: &str, parts: impl FnOnce() -> T) {
        if self.is_remembered {
            self.kept.borrow_mut().keep(target.name, out, parts());
        }
    }

    /// The relations between them, computed for the first target that asks.
    pub fn relations(&self, sink: &mut Diagnostics) -> &Relations {
        self.relations.get_or_init(|| Relations::new(self.schema, self.shapes(sink)))
    }
}

/// A target that the host wants, with its options.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetRequest {
    /// The target's name.
    pub target: String,
    /// A file or folder, `/`-separated, relative to the project; empty for the target's own default.
    pub out: String,
    /// Its options by name.
    pub options: Map<String, Value>,
}

/// The file that `template` gives over `context`, where a target writes but one; none where the template
/// fails, which is reported.
fn one_file(
    info: &'static TargetInfo,
    out: &str,
    template: Template,
    context: minijinja::Value,
    marks: &Marks,
    sink: &mut Diagnostics,
) -> Vec<File> {
    file_at(info, output::place(out, info.default_out), template, context, marks, sink)
}

/// The file at `path` that `template` gives over `context`; none where the template fails, which is
/// reported.
fn file_at(
    info: &'static TargetInfo,
    path: String,
    template: Template,
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

/// All files of all requests, in the order of the requests. Complains of unknown targets and options,
/// of paths that leave the project, and of two requests that write the same file.
pub fn emit(
    input: &EmitInput<'_>,
    requests: &[TargetRequest],
    sink: &mut Diagnostics,
) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    let mut writers: BTreeMap<String, &'static str> = BTreeMap::new();
    for request in requests {
        let target = registry::find(&request.target);
        let (name, default_out) = match target {
            Some(target) => (target.info().name, target.info().default_out),
            None if request.target == custom::NAME => (custom::NAME, "generated"),
            None => {
                sink.push(errors::unknown_target(&request.target));
                continue;
            }
        };
        let out = if request.out.is_empty() { default_out } else { &request.out };
        let Some(out) = output::normalize(out) else {
            sink.push(errors::path_outside(name, out));
            continue;
        };
        let made = match target {
            Some(target) => {
                let options = Options::decode(target.info(), &request.options, sink);
                target.emit(input, &options, &out, sink)
            }
            None => custom::emit(input, request, &out, sink),
        };
        for file in made {
            // Some file systems take `User.json` and `USER.json` for one.
            match writers.insert(file.path.to_lowercase(), name) {
                None => files.push(file),
                Some(other) => sink.push(errors::path_collision(&file.path, other, name)),
            }
        }
    }
    files
}
