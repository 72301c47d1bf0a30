//! A list to choose from by typing: the commands, or what can be done at the cursor. In: entries. Out:
//! the one that is chosen is run; the list closes first.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::dialog::Dialog;
use crate::page::page;

/// Something to choose.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) title: String,
    pub(crate) hint: String,
    pub(crate) run: Arc<dyn Fn() + Send + Sync>,
}

#[component]
pub(crate) fn Palette(title: &'static str, entries: Vec<Entry>) -> impl IntoView {
    let page = page();
    let entries = StoredValue::new(entries);
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let found = Memo::new(move |_| {
        let typed = typed.get();
        entries.with_value(|all| {
            let fits =
                |(index, entry): (usize, &Entry)| fits(&entry.title, &typed).then_some(index);
            all.iter().enumerate().filter_map(fits).collect::<Vec<_>>()
        })
    });
    let choose = move |index: usize| {
        let entry = entries.with_value(|all| all.get(index).cloned());
        page.close_overlay();
        if let Some(entry) = entry {
            (entry.run)();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let count = found.with(Vec::len).max(1);
        match &*event.key() {
            "ArrowDown" => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => {
                if let Some(index) = found.with(|found| found.get(at.get()).copied()) {
                    choose(index);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |(place, index): (usize, usize)| {
        let entry = entries.with_value(|all| all.get(index).cloned());
        let is_chosen = move || at.get() == place;
        entry.map(|entry| {
            view! {
                <li
                    id=format!("option-{place}")
                    class="option"
                    role="option"
                    aria-selected=move || is_chosen().to_string()
                    on:mousemove=move |_| at.set(place)
                    on:click=move |_| choose(index)
                >
                    <span>{entry.title}</span>
                    {(!entry.hint.is_empty()).then(|| view! { <kbd>{entry.hint}</kbd> })}
                </li>
            }
        })
    };
    // What is chosen by the arrow keys stays in view.
    Effect::new(move |_| {
        let chosen = document().get_element_by_id(&format!("option-{}", at.get()));
        if let Some(chosen) = chosen {
            chosen.scroll_into_view_with_bool(false);
        }
    });
    view! {
        <Dialog title class="palette">
            <input
                node_ref=field
                class="palette-field"
                type="text"
                role="combobox"
                aria-label=title
                aria-expanded="true"
                aria-controls="options"
                aria-activedescendant=move || format!("option-{}", at.get())
                placeholder=title
                autocomplete="off"
                spellcheck="false"
                on:input:target=move |event| {
                    typed.set(event.target().value());
                    at.set(0);
                }
                on:keydown=on_key
            />
            <ul class="options" id="options" role="listbox" aria-label=title>
                {move || found.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="empty">"Nothing of that name"</p>
            </Show>
        </Dialog>
    }
}

/// Whether each typed word is in the title.
fn fits(title: &str, typed: &str) -> bool {
    let title = title.to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| title.contains(word))
}
