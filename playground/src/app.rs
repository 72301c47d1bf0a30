//! The layout, and nothing else: the bar on top, the sources, what is made of them, what lies above.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::files::Files;
use crate::components::header::Header;
use crate::components::notices::Notices;
use crate::components::overlays::Overlays;
use crate::components::problems::Problems;
use crate::components::sides::{Divider, Sides};
use crate::components::sources::Editor;
use crate::page::Page;
use crate::panels::Panels;
use crate::state::Side;
use crate::{boot, commands};

#[component]
pub(crate) fn App() -> impl IntoView {
    let page = Page::start();
    provide_context(page);
    let state = page.state;
    state.theme.get_untracked().apply();
    spawn_local(boot::begin(page));
    window_event_listener(leptos::ev::keydown, move |event| commands::press(page, &event));
    window_event_listener(leptos::ev::hashchange, move |_| spawn_local(boot::follow(page, true)));
    let side = move || match state.side.get() {
        Side::Schema => "schema",
        Side::Results => "results",
    };
    // Whether what is seen is about the text as it is; tests wait for it.
    let is_settled = move || (!state.is_stale.get()).to_string();
    view! {
        <div class="page" data-side=side data-settled=is_settled>
            <Header/>
            <main class="workbench">
                <section class="sources" aria-label="Schema">
                    <Files/>
                    <Editor/>
                    <Problems/>
                </section>
                <Divider/>
                <section class="results" aria-label="Results">
                    <Panels/>
                </section>
            </main>
            <Sides/>
            <Overlays/>
            <Notices/>
        </div>
    }
}
