//! What lies over the page: one at a time.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use schemagen_core::diagnostic::Code;

use super::dialog::Dialog;
use super::icon::{self, Glyph};
use super::palette::{Entry, Palette};
use crate::commands::{Command, commands, spelled};
use crate::examples::{EXAMPLES, Example};
use crate::interop::{Action, awaited, write};
use crate::page::{Page, is_long, page};
use crate::state::Overlay;

#[component]
pub(crate) fn Overlays() -> impl IntoView {
    let page = page();
    move || {
        page.state.overlay.get().map(|overlay| match overlay {
            Overlay::Palette => {
                view! { <Palette title="Search commands" entries=all(page)/> }.into_any()
            }
            Overlay::Actions(actions) => {
                let entries = actions.into_iter().map(|action| offered(page, action)).collect();
                view! { <Palette title="What to do here" entries/> }.into_any()
            }
            Overlay::Gallery => view! { <Gallery/> }.into_any(),
            Overlay::Share(link) => view! { <Share link/> }.into_any(),
            Overlay::Name(file) => view! { <Name file/> }.into_any(),
            Overlay::Explain(code) => view! { <Explain code/> }.into_any(),
        })
    }
}

fn all(page: Page) -> Vec<Entry> {
    let entry = |Command { title, keys, run }| Entry {
        title,
        hint: spelled(keys),
        run: Arc::new(move || run(page)),
    };
    commands().into_iter().map(entry).collect()
}

fn offered(page: Page, Action { title, edits }: Action) -> Entry {
    Entry {
        title: title.replace('`', ""),
        hint: String::new(),
        run: Arc::new(move || page.edit(&edits)),
    }
}

#[component]
fn Gallery() -> impl IntoView {
    let page = page();
    let card = move |example: &'static Example| {
        let count = example.size();
        let size = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let open = move |_| {
            page.close_overlay();
            spawn_local(page.replace(example.project()));
        };
        view! {
            <li>
                <button class="card" type="button" on:click=open>
                    <span class="card-title">{example.title}</span>
                    <span class="card-about">{example.about}</span>
                    <span class="faint">{size}</span>
                </button>
            </li>
        }
    };
    view! {
        <Dialog title="Examples" class="wide">
            <h2>"Examples"</h2>
            <p class="faint">"Your schema is set aside, and can be brought back."</p>
            <ul class="cards">{EXAMPLES.iter().map(card).collect_view()}</ul>
        </Dialog>
    }
}

#[component]
fn Share(link: String) -> impl IntoView {
    let page = page();
    let is_long = is_long(&link);
    let copied = link.clone();
    view! {
        <Dialog title="Share">
            <h2>"Share"</h2>
            <p>"Who opens this link sees your schema and the options as they are now. Everything is in the link; nothing is uploaded."</p>
            <div class="row">
                <input class="field" type="text" readonly aria-label="Link" prop:value=link/>
                <button
                    class="button primary"
                    type="button"
                    on:click=move |_| {
                        page.copy(copied.clone(), "Link copied");
                        page.close_overlay();
                    }
                >
                    <Glyph icon=icon::COPY/>
                    "Copy"
                </button>
            </div>
            {is_long
                .then(|| {
                    view! {
                        <p class="help">"The link is long: some programs cut it. Sent as a file or in a code block it stays whole."</p>
                    }
                })}
        </Dialog>
    }
}

#[component]
fn Name(file: Option<String>) -> impl IntoView {
    let page = page();
    let field = NodeRef::<html::Input>::new();
    let refusal = RwSignal::new(None::<String>);
    let (title, verb) =
        if file.is_some() { ("Rename the file", "Rename") } else { ("New file", "Add") };
    let proposed = file.clone().unwrap_or_else(|| {
        let active = page.state.active.get_untracked();
        active.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
            + "more.yaml"
    });
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        let done = match &file {
            Some(file) if *file == name => Ok(()),
            Some(file) => page.rename_file(file, &name),
            None => page.add_file(&name),
        };
        match done {
            Ok(()) => page.close_overlay(),
            Err(reason) => refusal.set(Some(reason)),
        }
    };
    view! {
        <Dialog title>
            <h2>{title}</h2>
            <form class="row" on:submit=submit>
                <input
                    node_ref=field
                    class="field"
                    type="text"
                    aria-label="Name"
                    aria-describedby="name-refusal"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=proposed
                />
                <button class="button primary" type="submit">{verb}</button>
            </form>
            <p class="bad" id="name-refusal" role="alert">{move || refusal.get()}</p>
        </Dialog>
    }
}

#[component]
fn Explain(code: String) -> impl IntoView {
    let page = page();
    let host = NodeRef::<html::Div>::new();
    // Where it is shown, the code is the title.
    let docs = Code::find(&code).and_then(|code| code.docs().split_once('\n'));
    let docs = docs.map_or("Nothing is known of this code.", |(_, docs)| docs);
    Effect::new(move |_| {
        let Some(host) = host.get() else { return };
        let promise = write(docs, &host);
        spawn_local(async move {
            if let Err(reason) = awaited(promise).await {
                page.state.tell(reason);
            }
        });
    });
    view! {
        <Dialog title="What this means" class="wide">
            <h2><code>{code}</code></h2>
            <div class="docs" node_ref=host></div>
        </Dialog>
    }
}
