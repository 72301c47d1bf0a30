//! What editors ask, as methods of the JavaScript class `Workspace`.
//!
//! In: the name of a source and a position. Out: plain objects, mirrored here. Converts and nothing
//! else. A source that the workspace does not hold has no answers.

use schemagen_core::CompileOptions;
use schemagen_core::ide::{self, Project};
use schemagen_core::source::{FileId, Sources};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::convert::{self, Places};
use crate::types::{CheckOptions, Edit, Location, Position, Range};
use crate::workspace::Workspace;

/// Something that could be typed.
#[derive(Debug, Serialize, Tsify)]
pub struct Completion {
    /// What is shown, and what typed letters are compared with.
    pub label: String,
    /// What it is.
    #[tsify(
        type = "'key' | 'word' | 'table' | 'view' | 'column' | 'type' | 'label' | 'function' | 'role' | 'schema' | 'sequence' | 'mixin'"
    )]
    pub kind: &'static str,
    /// One line beside the label: a type, a signature. May be empty.
    pub detail: String,
    /// What it means, in Markdown. May be empty.
    pub docs: String,
    /// What to write where, as a snippet: `$0` and `${1:10}` are places to go to, `\$` is a dollar sign. Lines
    /// bring the indentation that they need.
    pub edit: Edit,
    /// Mends the indentation of the line, where it is not that of its neighbours.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indent: Option<Edit>,
}

/// What is known of the thing under the cursor.
#[derive(Debug, Serialize, Tsify)]
pub struct Hover {
    /// The thing.
    pub range: Range,
    /// What it is, in Markdown.
    pub text: String,
}

/// A place that names a thing.
#[derive(Debug, Serialize, Tsify)]
pub struct Reference {
    /// The name of the source.
    pub file: String,
    /// The name.
    pub range: Range,
    /// Whether the thing is defined here.
    pub definition: bool,
}

/// Edits, or why there are none.
#[derive(Debug, Serialize, Tsify)]
pub struct Renaming {
    /// What to change; empty where it is refused.
    pub edits: Vec<Edit>,
    /// Why it is refused, for people.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// The name that would be changed, or why it cannot be.
#[derive(Debug, Serialize, Tsify)]
pub struct Renamable {
    /// The name.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// Why it cannot be changed, for people.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// A thing that a source defines.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct DocumentSymbol {
    /// Its name; of an unnamed index, constraint, policy or trigger, the one that it gets.
    pub name: String,
    /// What the language calls it: `table`, `column`, `policy`.
    pub kind: &'static str,
    /// Everything that is said of it.
    pub range: Range,
    /// Its name, or where it begins.
    pub name_range: Range,
    /// What it holds.
    pub children: Vec<DocumentSymbol>,
}

/// A thing that one of the sources defines.
#[derive(Debug, Serialize, Tsify)]
pub struct FoundSymbol {
    /// Its name.
    pub name: String,
    /// What the language calls it.
    pub kind: &'static str,
    /// What holds it: of a column, its table.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The name of the source.
    pub file: String,
    /// Its name there.
    pub range: Range,
}

/// A change that an editor offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
pub struct Action {
    /// What it does, as a command.
    pub title: String,
    /// Edits that do not overlap.
    pub edits: Vec<Edit>,
}

#[wasm_bindgen]
impl Workspace {
    /// What could be typed at a position, in the order in which to show it. The host filters by what is
    /// typed already.
    pub fn complete(
        &mut self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
    ) -> Result<Vec<Ts<Completion>>, JsError> {
        let found = self.typing(file, position, options, |project, places, file, offset| {
            let completion = |it: ide::Completion| {
                Some(Completion {
                    label: it.label,
                    kind: it.kind.as_str(),
                    detail: it.detail,
                    docs: it.docs,
                    edit: places.edit(it.edit)?,
                    indent: it.indent.and_then(|edit| places.edit(edit)),
                })
            };
            ide::complete(project, file, offset).into_iter().filter_map(completion).collect()
        })?;
        list(found.unwrap_or_default())
    }

    /// What stands at a position: a key of the language, a name, a function, a type.
    pub fn hover(
        &mut self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
    ) -> Result<Option<Ts<Hover>>, JsError> {
        let found = self.typing(file, position, options, |project, places, file, offset| {
            let hover = ide::hover(project, file, offset)?;
            Some(Hover { range: places.location(hover.span)?.range, text: hover.text })
        })?;
        Ok(found.flatten().map(|hover| hover.into_ts()).transpose()?)
    }

    /// Where the thing at a position is defined. Nothing for what comes with PostgreSQL or the platform.
    pub fn definition(
        &mut self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
    ) -> Result<Option<Ts<Location>>, JsError> {
        let found = self.typing(file, position, options, |project, places, file, offset| {
            places.location(ide::definition(project, file, offset)?)
        })?;
        Ok(found.flatten().map(|location| location.into_ts()).transpose()?)
    }

    /// Everywhere the thing at a position is named, inside SQL too.
    pub fn references(
        &mut self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
    ) -> Result<Vec<Ts<Reference>>, JsError> {
        let found = self.typing(file, position, options, |project, places, file, offset| {
            let reference = |it: ide::Reference| {
                let Location { file, range } = places.location(it.span)?;
                Some(Reference { file, range, definition: it.definition })
            };
            ide::references(project, file, offset).into_iter().filter_map(reference).collect()
        })?;
        list(found.unwrap_or_default())
    }

    /// The name at a position that `rename` would change.
    pub fn renamable(
        &mut self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
    ) -> Result<Option<Ts<Renamable>>, JsError> {
        let found = self.typing(file, position, options, |project, places, file, offset| {
            match ide::renamable(project, file, offset) {
                Ok(span) => {
                    Renamable { range: places.location(span).map(|at| at.range), refused: None }
                }
                Err(reason) => Renamable { range: None, refused: Some(reason) },
            }
        })?;
        Ok(found.map(|found| found.into_ts()).transpose()?)
    }

    /// The edits that name the thing at a position `name`, everywhere, or why that cannot be done safely.
    pub fn rename(
        &mut self,
        file: &str,
        position: Ts<Position>,
        name: &str,
        options: Ts<CheckOptions>,
    ) -> Result<Option<Ts<Renaming>>, JsError> {
        let Some(Asked { options, sources, file, offset }) = self.asked(file, position, options)?
        else {
            return Ok(None);
        };
        let places = Places::new(&sources);
        let renaming = match ide::rename(&mut self.kept, &options.resolve, file, offset, name) {
            Ok(edits) => {
                let edits = edits.into_iter().filter_map(|edit| places.edit(edit)).collect();
                Renaming { edits, refused: None }
            }
            Err(reason) => Renaming { edits: Vec::new(), refused: Some(reason) },
        };
        Ok(Some(renaming.into_ts()?))
    }

    /// The outline of a source.
    pub fn symbols(
        &mut self,
        file: &str,
        options: Ts<CheckOptions>,
    ) -> Result<Vec<Ts<DocumentSymbol>>, JsError> {
        let found = self.whole(file, options, |project, places, file| {
            outline(places, ide::symbols(project, file))
        })?;
        list(found.unwrap_or_default())
    }

    /// What the sources define whose names hold the letters of `query`, at most `limit`.
    #[wasm_bindgen(js_name = findSymbols)]
    pub fn find_symbols(
        &mut self,
        query: &str,
        limit: usize,
        options: Ts<CheckOptions>,
    ) -> Result<Vec<Ts<FoundSymbol>>, JsError> {
        let options = convert::options(options.to_rust()?)?;
        list(ide::ask(&mut self.kept, &options.resolve, |project| {
            let places = Places::new(project.sources);
            let found = ide::find_symbols(project, query, limit).into_iter();
            let symbol = |(symbol, container): (ide::DocumentSymbol, _)| {
                let Location { file, range } = places.location(symbol.name_span)?;
                Some(FoundSymbol { name: symbol.name, kind: symbol.kind, container, file, range })
            };
            found.filter_map(symbol).collect()
        }))
    }

    /// What words are that a YAML grammar cannot colour, in the order of the text: four numbers each, the line
    /// and the column from 0, the length, and the kind by its place in `highlightKinds`.
    pub fn highlights(
        &mut self,
        file: &str,
        options: Ts<CheckOptions>,
    ) -> Result<Vec<u32>, JsError> {
        let found = self.whole(file, options, |project, places, file| {
            let numbers = |it: ide::Highlight| {
                let Range { start, end } = places.range(it.span)?;
                Some([start.line, start.column, end.column - start.column, it.kind as u32])
            };
            ide::highlights(project, file).into_iter().filter_map(numbers).flatten().collect()
        })?;
        Ok(found.unwrap_or_default())
    }

    /// The lines that can be folded: three numbers each, the first line from 0, the last one, and 0 for what
    /// belongs to a line, 1 for comments, 2 for a region.
    pub fn folds(&self, file: &str) -> Vec<u32> {
        let sources = self.kept.sources();
        let source = sources.find(file).and_then(|file| sources.get(file));
        let found = source.map(|source| ide::folds(&source.text)).unwrap_or_default();
        found.into_iter().flat_map(|it| [it.first, it.last, it.kind as u32]).collect()
    }

    /// What an editor can offer to do at a position, beside the repairs that diagnostics bring.
    pub fn actions(
        &mut self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
    ) -> Result<Vec<Ts<Action>>, JsError> {
        let found = self.typing(file, position, options, |project, places, file, offset| {
            let action = |it: ide::Action| Action {
                title: it.title,
                edits: it.edits.into_iter().filter_map(|edit| places.edit(edit)).collect(),
            };
            ide::actions(project, file, offset).into_iter().map(action).collect()
        })?;
        list(found.unwrap_or_default())
    }

    /// The objects around a position, the innermost first, in the words of the files' provenance.
    #[wasm_bindgen(js_name = objectsAt)]
    pub fn objects_at(
        &mut self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
    ) -> Result<Vec<String>, JsError> {
        let found = self.typing(file, position, options, |project, _, file, offset| {
            let objects = ide::objects_at(project, file, offset).into_iter();
            objects.map(|object| project.resolved.schema.describe(object)).collect()
        })?;
        Ok(found.unwrap_or_default())
    }
}

/// The kinds of `highlights`, in the order of their numbers.
#[wasm_bindgen(js_name = highlightKinds)]
pub fn highlight_kinds() -> Vec<String> {
    ide::HighlightKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect()
}

fn outline(places: &Places<'_>, symbols: Vec<ide::DocumentSymbol>) -> Vec<DocumentSymbol> {
    let symbol = |it: ide::DocumentSymbol| {
        Some(DocumentSymbol {
            name: it.name,
            kind: it.kind,
            range: places.location(it.span)?.range,
            name_range: places.location(it.name_span)?.range,
            children: outline(places, it.children),
        })
    };
    symbols.into_iter().filter_map(symbol).collect()
}

impl Workspace {
    /// Asks about all of a source, also while someone types in it; `None` where there is no such source.
    fn whole<T>(
        &mut self,
        file: &str,
        options: Ts<CheckOptions>,
        question: impl FnOnce(&Project<'_>, &Places<'_>, FileId) -> T,
    ) -> Result<Option<T>, JsError> {
        let options = convert::options(options.to_rust()?)?;
        let Some(file) = self.kept.sources().find(file) else { return Ok(None) };
        Ok(Some(ide::ask_whole(&mut self.kept, &options.resolve, file, |project| {
            question(project, &Places::new(project.sources), file)
        })))
    }

    /// Asks about a position as someone types there; `None` where there is no such source.
    fn typing<T>(
        &mut self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
        question: impl FnOnce(&Project<'_>, &Places<'_>, FileId, u32) -> T,
    ) -> Result<Option<T>, JsError> {
        let Some(Asked { options, sources, file, offset }) = self.asked(file, position, options)?
        else {
            return Ok(None);
        };
        let places = Places::new(&sources);
        Ok(Some(ide::ask_typing(&mut self.kept, &options.resolve, file, offset, |project| {
            question(project, &places, file, offset)
        })))
    }

    /// What is asked about; `None` where there is no such source.
    fn asked(
        &self,
        file: &str,
        position: Ts<Position>,
        options: Ts<CheckOptions>,
    ) -> Result<Option<Asked>, JsError> {
        let options = convert::options(options.to_rust()?)?;
        let position = position.to_rust()?;
        let sources = self.kept.sources().clone();
        let span = Places::new(&sources).span(file, Range { start: position, end: position });
        let known = sources.get(span.file).is_some();
        Ok(known.then_some(Asked { options, sources, file: span.file, offset: span.start }))
    }
}

/// A place in the sources as they are, and what was decided about their compilation.
struct Asked {
    options: CompileOptions,
    sources: Sources,
    file: FileId,
    offset: u32,
}

fn list<T: Tsify + Serialize>(items: Vec<T>) -> Result<Vec<Ts<T>>, JsError> {
    items.into_iter().map(|item| Ok(item.into_ts()?)).collect()
}
