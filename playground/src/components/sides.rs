//! The two sides of the page: how wide each is, and on a phone, which is seen.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::page::page;
use crate::panels::{self, PANELS};
use crate::state::Side;

/// The narrowest that either side gets, in percent.
const NARROWEST: f64 = 22.0;

/// The line between the sides, to be dragged or moved by the arrow keys.
#[component]
pub(crate) fn Divider() -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let share = RwSignal::new(46.0_f64);
    let is_dragged = RwSignal::new(false);
    Effect::new(move |_| {
        let workbench = node.get().and_then(|it| it.parent_element());
        if let Some(workbench) = workbench.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let width = format!("{:.2}%", share.get());
            let _ = workbench.style().set_property("--sources", &width);
        }
    });
    let set = move |percent: f64| share.set(percent.clamp(NARROWEST, 100.0 - NARROWEST));
    let drag = move |event: PointerEvent| {
        let workbench = node.get_untracked().and_then(|it| it.parent_element());
        if let Some(workbench) = workbench.filter(|_| is_dragged.get_untracked()) {
            let bounds = workbench.get_bounding_client_rect();
            set((f64::from(event.client_x()) - bounds.left()) / bounds.width() * 100.0);
        }
    };
    let press = move |event: PointerEvent| {
        event.prevent_default();
        is_dragged.set(true);
        if let Some(node) = node.get_untracked() {
            let _ = node.set_pointer_capture(event.pointer_id());
        }
    };
    let on_key = move |event: KeyboardEvent| match &*event.key() {
        "ArrowLeft" => set(share.get_untracked() - 2.0),
        "ArrowRight" => set(share.get_untracked() + 2.0),
        _ => {}
    };
    view! {
        <div
            node_ref=node
            class="divider"
            role="separator"
            tabindex="0"
            aria-label="Width of the schema"
            aria-orientation="vertical"
            aria-valuemin=NARROWEST
            aria-valuemax=100.0 - NARROWEST
            aria-valuenow=move || format!("{:.0}", share.get())
            on:pointerdown=press
            on:pointermove=drag
            on:pointerup=move |_| is_dragged.set(false)
            on:pointercancel=move |_| is_dragged.set(false)
            on:keydown=on_key
        ></div>
    }
}

/// The switch of a phone: the schema, or one of the panels.
#[component]
pub(crate) fn Sides() -> impl IntoView {
    let page = page();
    let state = page.state;
    let current = move |is: bool| is.then_some("page");
    view! {
        <nav class="sides" aria-label="Views">
            <button
                type="button"
                aria-current=move || current(state.side.get() == Side::Schema)
                on:click=move |_| state.side.set(Side::Schema)
            >
                "Schema"
            </button>
            {PANELS
                .iter()
                .map(|panel| {
                    let is_seen = move || {
                        state.side.get() == Side::Results && state.panel.get() == panel.id
                    };
                    view! {
                        <button
                            type="button"
                            aria-current=move || current(is_seen())
                            on:click=move |_| panels::choose(page, panel.id)
                        >
                            {panel.title}
                        </button>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// In a list of tabs, the arrow keys move between them, Home and End to the ends.
pub(crate) fn move_focus(event: &KeyboardEvent) {
    let Some(tab) = event.current_target().and_then(|it| it.dyn_into::<Element>().ok()) else {
        return;
    };
    let Some(list) = tab.closest("[role=tablist]").ok().flatten() else { return };
    let Ok(tabs) = list.query_selector_all("[role=tab]") else { return };
    let all: Vec<HtmlElement> =
        (0..tabs.length()).filter_map(|at| tabs.item(at)?.dyn_into().ok()).collect();
    let Some(at) = all.iter().position(|it| **it == tab) else { return };
    let next = match &*event.key() {
        "ArrowLeft" => (at + all.len() - 1) % all.len(),
        "ArrowRight" => (at + 1) % all.len(),
        "Home" => 0,
        "End" => all.len() - 1,
        _ => return,
    };
    if let Some(next) = all.get(next) {
        event.prevent_default();
        let _ = next.focus();
        next.click();
    }
}
