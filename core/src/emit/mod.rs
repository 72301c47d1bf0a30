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
mod target;

pub use config_schema::config_json_schema;
pub use memory::Memory;
pub use options::{OptionInfo, OptionKind, Options, TargetInfo};
pub use output::{File, Provenance};
pub use shapes::{Relations, Shapes};
pub use target::{EmitInput, Target};

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::target::{file_at, one_file};
use crate::diagnostic::Diagnostics;

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
                let known: Vec<&str> = registry::targets().map(|info| info.name).collect();
                sink.push(errors::unknown_target(&request.target, &known));
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
