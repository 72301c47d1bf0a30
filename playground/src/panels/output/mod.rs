//! What the targets write: a tab for each, its file in a viewer, its options.

mod options;

use leptos::html;
use leptos::prelude::*;
use schemagen_core::emit::TargetInfo;

use self::options::TargetOptions;
use super::Panel;
use crate::components::icon::{self, Glyph};
use crate::components::sides::move_focus;
use crate::interop::Severity;
use crate::page::{Page, page};
use crate::state::Compiler;

/// The panel of outputs.
pub(super) const PANEL: Panel = Panel {
    id: "output",
    title: "Output",
    keys: "Mod+Shift+2",
    view: || view! { <Output/> }.into_any(),
};

#[component]
fn Output() -> impl IntoView {
    let page = page();
    let state = page.state;
    let host = NodeRef::<html::Div>::new();
    let with_options = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(host) = host.get() {
            page.session().mount_viewer(&host);
        }
    });
    let is_empty = move || state.written.with(Vec::is_empty);
    let is_old = move || !state.is_right.get() && !is_empty();
    view! {
        <div class="bar">
            <div class="tabs" role="tablist" aria-label="Targets">
                {schemagen_core::targets().map(|target| tab(page, target)).collect_view()}
            </div>
        </div>
        <div class="toolbar">
            <Files/>
            <span class="spread"></span>
            <button
                class="button quiet"
                type="button"
                aria-expanded=move || with_options.get().to_string()
                aria-controls="target-options"
                on:click=move |_| with_options.update(|it| *it = !*it)
            >
                <Glyph icon=icon::OPTIONS/>
                "Options"
            </button>
            <button
                class="button quiet square"
                type="button"
                aria-label="Copy the output"
                title="Copy"
                disabled=is_empty
                on:click=move |_| page.copy_output()
            >
                <Glyph icon=icon::COPY/>
            </button>
            <button
                class="button quiet square"
                type="button"
                aria-label="Download this output"
                title="Download"
                disabled=is_empty
                on:click=move |_| page.download()
            >
                <Glyph icon=icon::DOWNLOAD/>
            </button>
        </div>
        <Show when=move || with_options.get()>
            <TargetOptions/>
        </Show>
        <Show when=is_old>
            <p class="banner">"The schema has errors. This is what it wrote before."</p>
        </Show>
        <div class="viewer" id="output" role="tabpanel" aria-label="Output" class:old=is_old>
            <div class="viewer-host" node_ref=host hidden=is_empty></div>
            <Show when=is_empty>
                <Nothing/>
            </Show>
        </div>
    }
}

fn tab(page: Page, target: &'static TargetInfo) -> impl IntoView {
    let state = page.state;
    let is_active = move || state.target.with(|it| it == target.name);
    view! {
        <span class="tab" class:active=is_active role="presentation">
            <button
                class="tab-name"
                type="button"
                role="tab"
                aria-controls="output"
                aria-selected=move || is_active().to_string()
                tabindex=move || if is_active() { "0" } else { "-1" }
                on:click=move |_| page.choose_target(target.name)
                on:keydown=move |event| move_focus(&event)
            >
                {target.title}
            </button>
        </span>
    }
}

/// The files that the target writes: a name, or a choice between several.
#[component]
fn Files() -> impl IntoView {
    let page = page();
    let state = page.state;
    move || {
        let written = state.written.get();
        let shown = state.shown.get();
        if written.len() > 1 {
            let choice = |path: String| {
                let is_shown = path == shown;
                view! { <option value=path.clone() selected=is_shown>{path.clone()}</option> }
            };
            let choices = written.into_iter().map(|it| choice(it.path)).collect_view();
            view! {
                <select
                    class="field"
                    aria-label="File"
                    on:change:target=move |event| page.show(&event.target().value())
                >
                    {choices}
                </select>
            }
            .into_any()
        } else {
            let line = |lines: u32| if lines == 1 { "line" } else { "lines" };
            let about = written.first().map(|it| format!("{} {}", it.lines, line(it.lines)));
            view! {
                <span class="path">{shown}</span>
                <span class="faint">{about}</span>
            }
            .into_any()
        }
    }
}

/// Why nothing is there.
#[component]
fn Nothing() -> impl IntoView {
    let state = page().state;
    move || {
        let (title, text) = match state.compiler.get() {
            Compiler::Loading => ("Starting the compiler…", ""),
            Compiler::Failed(_) => (
                "The compiler is not there",
                "Go on writing, or reload the page, to try again. What you wrote is kept.",
            ),
            Compiler::Ready if state.count(Severity::Error) > 0 => (
                "Nothing to write yet",
                "The schema has errors: mend them, and the output is here.",
            ),
            Compiler::Ready if state.is_stale.get() => ("Compiling…", ""),
            Compiler::Ready => {
                ("Nothing to write yet", "Declare a table, and what it becomes is here.")
            }
        };
        view! {
            <div class="nothing">
                <p class="nothing-title">{title}</p>
                <p class="faint">{text}</p>
            </div>
        }
    }
}
