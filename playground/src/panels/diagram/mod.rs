//! The tables and how they refer to each other, drawn: the picture that the target `erd` writes, to be
//! moved, zoomed, clicked and taken along. `js/diagram/view.ts` does the moving.

use leptos::html;
use leptos::prelude::*;

use super::Panel;
use crate::components::icon::{self, Glyph, Icon};
use crate::page::{Page, page};

/// The panel of the diagram.
pub(super) const PANEL: Panel = Panel {
    id: "diagram",
    title: "Diagram",
    keys: "Mod+Shift+3",
    view: || view! { <Diagram/> }.into_any(),
};

#[component]
fn Diagram() -> impl IntoView {
    let page = page();
    let host = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(host) = host.get() {
            page.session().mount_diagram(&host);
        }
    });
    // Whoever comes back to it sees what the schema is by now.
    Effect::new(move |_| {
        if page.state.panel.get() == PANEL.id {
            request_animation_frame(move || page.session().draw());
        }
    });
    let save = move |format: &'static str| {
        view! {
            <button
                class="button quiet"
                type="button"
                aria-label=format!("Save as {format}")
                on:click=move |_| page.save_diagram(format)
            >
                <Glyph icon=icon::DOWNLOAD/>
                {format}
            </button>
        }
    };
    view! {
        <div class="toolbar">
            {tool(icon::ADD, "Closer", |page| page.session().zoom_diagram(true))}
            {tool(icon::LESS, "Farther", |page| page.session().zoom_diagram(false))}
            {tool(icon::WHOLE, "Show all", |page| page.session().fit_diagram())}
            <span class="spread"></span>
            {save("SVG")}
            {save("PNG")}
        </div>
        <Show when=move || !page.state.is_right.get()>
            <p class="banner">"The schema has errors. This is how it was before."</p>
        </Show>
        <div class="diagram" role="group" aria-label="Diagram" node_ref=host></div>
    }
}

fn tool(icon: Icon, label: &'static str, run: impl Fn(Page) + 'static) -> impl IntoView {
    let page = page();
    view! {
        <button
            class="button quiet square"
            type="button"
            aria-label=label
            title=label
            on:click=move |_| run(page)
        >
            <Glyph icon/>
        </button>
    }
}
