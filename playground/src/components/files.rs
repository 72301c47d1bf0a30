//! The tabs of the files. A double click renames, as does F2; the cross of the active one removes it.

use leptos::prelude::*;

use super::icon::{self, Glyph};
use crate::page::{Page, page};
use crate::state::Overlay;

#[component]
pub(crate) fn Files() -> impl IntoView {
    let page = page();
    let state = page.state;
    let add = move |_| state.overlay.set(Some(Overlay::Name(None)));
    view! {
        <div class="bar">
            <div class="tabs" role="tablist" aria-label="Files">
                <For each=move || state.files.get() key=Clone::clone let(name)>
                    {tab(page, name)}
                </For>
            </div>
            <button
                class="button quiet square"
                type="button"
                aria-label="New file"
                title="New file"
                on:click=add
            >
                <Glyph icon=icon::ADD/>
            </button>
            <span class="spread"></span>
            <button
                class="button quiet square"
                type="button"
                aria-label="Format this file"
                title="Format"
                on:click=move |_| page.format()
            >
                <Glyph icon=icon::FORMAT/>
            </button>
        </div>
    }
}

fn tab(page: Page, name: String) -> impl IntoView {
    let state = page.state;
    let name = StoredValue::new(name);
    let is_active = move || name.with_value(|name| state.active.with(|active| active == name));
    let can_go = move || state.files.with(|files| files.len() > 1);
    let rename = move || state.overlay.set(Some(Overlay::Name(Some(name.get_value()))));
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "F2" {
            rename();
        } else if event.key() == "Delete" {
            page.remove_file(&name.get_value());
        } else {
            super::sides::move_focus(&event);
        }
    };
    view! {
        <span class="tab" class:active=is_active role="presentation">
            <button
                class="tab-name"
                type="button"
                role="tab"
                aria-selected=move || is_active().to_string()
                aria-controls="editor"
                tabindex=move || if is_active() { "0" } else { "-1" }
                title="Double-click or F2 to rename, Delete to remove"
                on:click=move |_| page.session().select(&name.get_value())
                on:dblclick=move |_| rename()
                on:keydown=on_key
            >
                {name.get_value()}
            </button>
            <Show when=move || is_active() && can_go()>
                <button
                    class="tab-close"
                    type="button"
                    tabindex="-1"
                    aria-label=format!("Remove {}", name.get_value())
                    on:click=move |_| page.remove_file(&name.get_value())
                >
                    <Glyph icon=icon::CLOSE/>
                </button>
            </Show>
        </span>
    }
}
