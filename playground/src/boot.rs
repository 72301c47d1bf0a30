//! With what the visit begins: what the link brings, else what the browser kept, else the first example.
//!
//! A link is untrusted. It is unpacked to a text of bounded size and read as a project, or refused with
//! a reason; nothing is fetched or run because of it. It is taken out of the address, so that a reload
//! shows what was made of it since.

use leptos::prelude::*;

use crate::examples::EXAMPLES;
use crate::interop::{awaited, load, unpack};
use crate::page::{FRAGMENT, Page};
use crate::project::Project;

/// Opens the project of this visit.
pub(crate) async fn begin(page: Page) {
    let kept = kept().await;
    let has_kept = kept.is_some();
    match kept {
        Some(project) => page.open(project, Some("current")).await,
        None => open_first(page).await,
    }
    follow(page, has_kept).await;
}

/// Opens what the link in the address brings, if it has one.
pub(crate) async fn follow(page: Page, has_work: bool) {
    let location = window().location();
    let fragment = location.hash().unwrap_or_default();
    let Some(letters) = fragment.strip_prefix(FRAGMENT) else { return };
    let found = awaited(unpack(letters)).await.map(|text| text.as_string().unwrap_or_default());
    match found.and_then(|text| Project::read(&text).map_err(|refusal| refusal.0)) {
        Ok(project) if has_work => page.replace(project).await,
        Ok(project) => page.open(project, None).await,
        Err(reason) => page.state.tell(format!("This link is broken: {reason}")),
    }
    if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
}

async fn open_first(page: Page) {
    if let Some(example) = EXAMPLES.first() {
        page.open(example.project(), None).await;
    }
}

async fn kept() -> Option<Project> {
    let kept = awaited(load("current")).await.ok()?;
    let text = js_sys::Reflect::get(&kept, &"project".into()).ok()?.as_string()?;
    Project::read(&text).ok()
}
