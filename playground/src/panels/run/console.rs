//! A console: SQL in, what each statement gives out.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::database::{Cell, Refusal, Run, SqlConsole};
use super::grid::{grid, refused};
use crate::commands::spelled;

/// What a statement gave.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Outcome {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    count: usize,
    affected: usize,
}

/// What is seen below the editor.
#[derive(Clone)]
enum Answer {
    None,
    Running,
    Given(Vec<Outcome>, f64),
    Refused(Refusal, String),
}

#[component]
pub(super) fn Console() -> impl IntoView {
    let run = expect_context::<Run>();
    let answer = RwSignal::new(Answer::None);
    let host = NodeRef::<html::Div>::new();
    let editor = StoredValue::new_local(None::<SqlConsole>);
    let ask = move |sql: String| {
        answer.set(Answer::Running);
        spawn_local(async move {
            let started = js_sys::Date::now();
            let found = run.ask::<Vec<Outcome>>("query", &[&sql]).await;
            answer.set(match found {
                Ok(outcomes) => Answer::Given(outcomes, js_sys::Date::now() - started),
                Err(refusal) => Answer::Refused(refusal, sql),
            });
            run.touch();
        });
    };
    Effect::new(move |_| {
        if let Some(host) = host.get() {
            let listen = Closure::<dyn Fn(String)>::new(ask);
            editor.set_value(Some(SqlConsole::new(&host, &listen)));
            // The editor stays as long as the page.
            listen.forget();
        }
    });
    let is_running = move || answer.with(|it| matches!(it, Answer::Running));
    view! {
        <div class="console-editor" node_ref=host></div>
        <div class="toolbar">
            <Show
                when=is_running
                fallback=move || {
                    view! {
                        <button
                            class="button"
                            type="button"
                            on:click=move |_| editor.with_value(|it| it.iter().for_each(SqlConsole::submit))
                        >
                            "Run the query"
                            <kbd>{spelled("Mod+Enter")}</kbd>
                        </button>
                    }
                }
            >
                <button class="button" type="button" on:click=move |_| run.stop()>
                    "Stop"
                </button>
                <span class="faint" role="status">"Running…"</span>
            </Show>
        </div>
        <div class="outcomes" aria-live="polite">
            {move || match answer.get() {
                Answer::None => {
                    view! {
                        <p class="outcome-head faint">
                            "Each run begins as the owner of everything, outside of a transaction. The arrow keys bring back what was run before."
                        </p>
                    }
                        .into_any()
                }
                Answer::Running => ().into_any(),
                Answer::Refused(refusal, sql) => refused(refusal, &sql).into_any(),
                Answer::Given(outcomes, took) => given(outcomes, took).into_any(),
            }}
        </div>
    }
}

fn given(outcomes: Vec<Outcome>, took: f64) -> impl IntoView {
    let total = outcomes.len();
    let one = move |(index, outcome): (usize, Outcome)| {
        let Outcome { columns, rows, count, affected } = outcome;
        let words = |count: usize| format!("{count} row{}", if count == 1 { "" } else { "s" });
        let what = match (columns.is_empty(), affected) {
            (true, 0) => "Done".to_owned(),
            (true, affected) => format!("{} changed", words(affected)),
            (false, _) => words(count),
        };
        let part =
            (rows.len() < count).then(|| format!(", the first {} of which are shown", rows.len()));
        let time = (index + 1 == total).then(|| format!(" · {took:.0} ms"));
        let head: String = [Some(what), part, time].into_iter().flatten().collect();
        let label = format!("Result {}", index + 1);
        view! {
            <p class="outcome-head">{head}</p>
            {(!columns.is_empty()).then(|| grid(label, columns, rows))}
        }
    };
    outcomes.into_iter().enumerate().map(one).collect_view()
}
