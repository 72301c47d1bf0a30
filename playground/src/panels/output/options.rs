//! The options of the shown target, as a form that is made of what the compiler says about them.

use leptos::prelude::*;
use schemagen_core::emit::{OptionInfo, OptionKind};
use serde_json::Value;

use crate::components::prose::prose;
use crate::page::{Page, page, target_named};

/// The versions of PostgreSQL that there are to choose from; the first is the compiler's default.
const VERSIONS: [u16; 4] = [15, 16, 17, 18];

/// Bytes of a text that is read at a glance.
const LONG: usize = 250;

#[component]
pub(super) fn TargetOptions() -> impl IntoView {
    let page = page();
    let state = page.state;
    view! {
        <form class="target-options" id="target-options" on:submit=|event| event.prevent_default()>
            {move || {
                state
                    .target
                    .with(|name| target_named(name))
                    .map(|target| {
                        view! {
                            <p class="target-docs">{prose(&first_paragraph(target.docs))}</p>
                            {target.options.iter().map(|it| field(page, it)).collect_view()}
                        }
                    })
            }}
            {version(page)}
        </form>
    }
}

fn field(page: Page, option: &'static OptionInfo) -> impl IntoView {
    let state = page.state;
    let OptionInfo { name, docs, kind } = *option;
    let id = format!("option-of-target-{name}");
    let value = Memo::new(move |_| {
        let target = state.target.get();
        let given = state.options.with(|all| all.get(&target)?.get(name).cloned());
        given.unwrap_or_else(|| kind.default())
    });
    let text = move || match value.get() {
        Value::String(text) => text,
        Value::Object(map) => map
            .iter()
            .map(|(name, number)| format!("{name} {number}"))
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    };
    let set = move |value: Value| page.set_option(option, value);
    let control = match kind {
        OptionKind::Flag { .. } => view! {
            <input
                class="switch"
                type="checkbox"
                role="switch"
                id=id.clone()
                prop:checked=move || value.get() == Value::Bool(true)
                on:change:target=move |event| set(Value::Bool(event.target().checked()))
            />
        }
        .into_any(),
        OptionKind::Choice(words) => view! {
            <select
                class="field"
                id=id.clone()
                prop:value=text
                on:change:target=move |event| set(Value::from(event.target().value()))
            >
                {words
                    .iter()
                    .map(|word| {
                        let is_chosen = *word == text();
                        view! { <option value=*word selected=is_chosen>{*word}</option> }
                    })
                    .collect_view()}
            </select>
        }
        .into_any(),
        OptionKind::Text { .. } => view! {
            <input
                class="field"
                type="text"
                id=id.clone()
                spellcheck="false"
                prop:value=text
                on:input:target=move |event| set(Value::from(event.target().value()))
            />
        }
        .into_any(),
        OptionKind::Numbers => view! {
            <input
                class="field"
                type="text"
                id=id.clone()
                spellcheck="false"
                placeholder="node 100, python 200"
                prop:value=text
                on:change:target=move |event| set(numbers(&event.target().value()))
            />
        }
        .into_any(),
    };
    view! {
        <div class="option-row">
            <label class="option-name" for=id><code>{name}</code></label>
            {control}
            {documentation(docs)}
        </div>
    }
}

/// What an option does: of a long text the first sentence, and the rest on request.
fn documentation(docs: &str) -> impl IntoView + use<> {
    match docs.split_once(". ").filter(|_| docs.len() > LONG) {
        Some((first, rest)) => view! {
            <details class="option-docs">
                <summary>{prose(first)} "."</summary>
                {prose(rest)}
            </details>
        }
        .into_any(),
        None => view! { <p class="option-docs">{prose(docs)}</p> }.into_any(),
    }
}

/// Names with their numbers, as they are typed: `node 100, python 200`. What is no number goes as it
/// stands to the compiler, which says so.
fn numbers(text: &str) -> Value {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, number) = pair.split_once([' ', ':']).unwrap_or((pair, ""));
        let number = number.trim();
        (name.to_owned(), number.parse::<u32>().map_or_else(|_| Value::from(number), Value::from))
    });
    Value::Object(pairs.collect())
}

fn version(page: Page) -> impl IntoView {
    let chosen = page.state.target_version.get_untracked().unwrap_or(VERSIONS[0]);
    let choice = |version: u16| {
        view! { <option value=version selected=version == chosen>{version}</option> }
    };
    view! {
        <div class="option-row">
            <label class="option-name" for="target-version">"PostgreSQL"</label>
            <select
                class="field"
                id="target-version"
                on:change:target=move |event| {
                    let version = event.target().value().parse().ok();
                    page.set_target_version(version.filter(|it| *it != VERSIONS[0]));
                }
            >
                {VERSIONS.into_iter().map(choice).collect_view()}
            </select>
            <p class="option-docs">"The version that must take the SQL."</p>
        </div>
    }
}

fn first_paragraph(docs: &str) -> String {
    docs.split("\n\n").next().unwrap_or_default().replace('\n', " ")
}
