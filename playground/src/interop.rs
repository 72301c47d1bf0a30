//! The JavaScript of `js/`: the only functions of the page that are not Rust, and the data that goes
//! through them. Decides nothing.

use js_sys::{Object, Promise, Reflect};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

pub(crate) use schemagen_wasm::ide::Action;
pub(crate) use schemagen_wasm::types::{Edit, Location, Range, Severity};

#[wasm_bindgen(raw_module = "./page.js")]
extern "C" {
    /// The editor, the compilers and the viewer: `js/session.ts`.
    #[derive(Clone)]
    pub(crate) type Session;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new(
        module: &JsValue,
        listen: &Closure<dyn Fn(JsValue)>,
        describe: &Closure<dyn Fn(JsValue) -> String>,
    ) -> Session;
    #[wasm_bindgen(method, js_name = mountEditor)]
    pub(crate) fn mount_editor(this: &Session, host: &HtmlElement);
    #[wasm_bindgen(method, js_name = mountViewer)]
    pub(crate) fn mount_viewer(this: &Session, host: &HtmlElement);
    #[wasm_bindgen(method)]
    pub(crate) fn open(this: &Session, project: JsValue, slot: Option<&str>) -> Promise;
    #[wasm_bindgen(method)]
    pub(crate) fn files(this: &Session) -> JsValue;
    #[wasm_bindgen(method)]
    pub(crate) fn select(this: &Session, file: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn add(this: &Session, file: JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn remove(this: &Session, file: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn rename(this: &Session, file: &str, name: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn configure(this: &Session, settings: JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn show(this: &Session, path: &str);
    #[wasm_bindgen(method, js_name = goTo)]
    pub(crate) fn go_to(this: &Session, place: JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn edit(this: &Session, edits: JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn format(this: &Session) -> Promise;
    #[wasm_bindgen(method)]
    pub(crate) fn actions(this: &Session) -> Promise;
    #[wasm_bindgen(method)]
    pub(crate) fn undo(this: &Session);
    #[wasm_bindgen(method)]
    pub(crate) fn redo(this: &Session);
    #[wasm_bindgen(method)]
    pub(crate) fn find(this: &Session);
    #[wasm_bindgen(method, js_name = nextProblem)]
    pub(crate) fn next_problem(this: &Session);
    #[wasm_bindgen(method)]
    pub(crate) fn focus(this: &Session);
    #[wasm_bindgen(method)]
    pub(crate) fn output(this: &Session) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn download(this: &Session, path: &str);
    #[wasm_bindgen(method, js_name = downloadAll)]
    pub(crate) fn download_all(this: &Session) -> Promise;
    #[wasm_bindgen(method, js_name = setAside)]
    pub(crate) fn set_aside(this: &Session) -> Promise;
    /// Counts the changes of the texts.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn edition(this: &Session) -> u32;

    #[wasm_bindgen(method, js_name = mountDiagram)]
    pub(crate) fn mount_diagram(this: &Session, host: &HtmlElement);
    #[wasm_bindgen(method)]
    pub(crate) fn draw(this: &Session);
    #[wasm_bindgen(method, js_name = zoomDiagram)]
    pub(crate) fn zoom_diagram(this: &Session, closer: bool);
    #[wasm_bindgen(method, js_name = fitDiagram)]
    pub(crate) fn fit_diagram(this: &Session);
    #[wasm_bindgen(method, js_name = saveDiagram)]
    pub(crate) fn save_diagram(this: &Session, format: &str) -> Promise;

    /// Writes Markdown into an element.
    pub(crate) fn write(markdown: &str, host: &Element) -> Promise;
    /// A text in the letters of a link.
    pub(crate) fn pack(text: &str) -> Promise;
    /// The text of a link's letters.
    pub(crate) fn unpack(letters: &str) -> Promise;
    /// What the browser kept under a name.
    pub(crate) fn load(slot: &str) -> Promise;
}

/// What the session says: `Happened` of `js/session.ts`.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Happened {
    Compiled {
        ok: bool,
        current: bool,
        diagnostics: Vec<Problem>,
        written: Vec<Written>,
        took: f64,
    },
    Failed {
        message: String,
    },
    Edited,
    Selected {
        file: String,
    },
    Went,
    Notice {
        text: String,
    },
}

/// What the page shows of a finding of the compiler.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Problem {
    pub(crate) code: String,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) file: Option<String>,
    pub(crate) range: Option<Range>,
    pub(crate) help: Option<String>,
    #[serde(default)]
    pub(crate) fixes: Vec<Action>,
}

/// A file that the shown target writes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Written {
    pub(crate) path: String,
    pub(crate) lines: u32,
}

/// Plain data for JavaScript.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

/// Plain data from JavaScript; `None` where it is not of this shape.
pub(crate) fn from_js<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    serde_wasm_bindgen::from_value(value).ok()
}

/// One of several things, which its `kind` names; `None` where it is not of that shape. A `tag` of serde's
/// would keep a copy of all that it reads, and is a tenth of the page's code.
pub(crate) fn event_from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let kind = Reflect::get(value, &"kind".into()).ok()?;
    if Object::keys(value.dyn_ref::<Object>()?).length() == 1 {
        return from_js(kind);
    }
    let event = Object::new();
    Reflect::set(&event, &kind, value).ok()?;
    from_js(event.into())
}

/// What a promise gives, or what its failure says.
pub(crate) async fn awaited(promise: Promise) -> Result<JsValue, String> {
    wasm_bindgen_futures::JsFuture::from(promise).await.map_err(|error| {
        let message = error.dyn_ref::<js_sys::Error>().map(js_sys::Error::message);
        message.map_or_else(|| format!("{error:?}"), String::from)
    })
}
