//! What stands beside the schema: one panel at a time.
//!
//! A panel is a folder here and a line in [`PANELS`]. It is made when it is first opened, and hidden
//! from then on when another one is: what it holds (a database, a scroll position) stays.

mod diagram;
mod output;
mod run;

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::components::sides::move_focus;
use crate::page::{Page, page};
use crate::state::Side;

/// A panel.
pub(crate) struct Panel {
    /// What it is called inside of the page.
    pub(crate) id: &'static str,
    /// What its visitors call it.
    pub(crate) title: &'static str,
    /// The keys that show it.
    pub(crate) keys: &'static str,
    /// What it shows.
    pub(crate) view: fn() -> AnyView,
}

/// Every panel, in the order of their tabs.
pub(crate) const PANELS: &[&Panel] = &[&output::PANEL, &diagram::PANEL, &run::PANEL];

/// The panel that a visit begins with.
pub(crate) const FIRST: &str = output::PANEL.id;

/// Shows a panel.
pub(crate) fn choose(page: Page, id: &'static str) {
    page.state.panel.set(id);
    page.state.side.set(Side::Results);
}

#[component]
pub(crate) fn Panels() -> impl IntoView {
    let page = page();
    let state = page.state;
    let opened = RwSignal::new(BTreeSet::new());
    Effect::new(move |_| {
        let id = state.panel.get();
        opened.update(|all| {
            all.insert(id);
        });
    });
    let tab = move |panel: &'static Panel| {
        let is_active = move || state.panel.get() == panel.id;
        view! {
            <button
                class="panel-tab"
                type="button"
                role="tab"
                id=format!("panel-tab-{}", panel.id)
                aria-controls=format!("panel-{}", panel.id)
                aria-selected=move || is_active().to_string()
                tabindex=move || if is_active() { "0" } else { "-1" }
                on:click=move |_| choose(page, panel.id)
                on:keydown=move |event| move_focus(&event)
            >
                {panel.title}
            </button>
        }
    };
    let panel = move |panel: &'static Panel| {
        view! {
            <div
                class="panel"
                role="tabpanel"
                id=format!("panel-{}", panel.id)
                aria-labelledby=format!("panel-tab-{}", panel.id)
                hidden=move || state.panel.get() != panel.id
            >
                <Show when=move || opened.with(|all| all.contains(panel.id))>{(panel.view)()}</Show>
            </div>
        }
    };
    view! {
        <Show when=|| { PANELS.len() > 1 }>
            <div class="bar panel-tabs" role="tablist" aria-label="Panels">
                {PANELS.iter().copied().map(tab).collect_view()}
            </div>
        </Show>
        {PANELS.iter().copied().map(panel).collect_view()}
    }
}
