//! The tables: what there is, how many rows, and the rows page by page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use super::database::{Cell, Refusal, Run, TableInfo};
use super::grid::{grid, refused};

/// A part of a table's rows: `Rows` of `js/run/protocol.ts`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Part {
    table: TableInfo,
    offset: u32,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// How far a page is from the next.
const PAGE: u32 = 50;

#[component]
pub(super) fn Tables() -> impl IntoView {
    let run = expect_context::<Run>();
    let tables = RwSignal::new(Vec::<TableInfo>::new());
    let chosen = RwSignal::new(None::<TableInfo>);
    let offset = RwSignal::new(0_u32);
    let rows = RwSignal::new(None::<Result<Part, Refusal>>);
    Effect::new(move |_| {
        run.generation.track();
        spawn_local(async move {
            let found = run.ask::<Vec<TableInfo>>("tables", &[(); 0]).await.unwrap_or_default();
            let is_there = |it: &TableInfo| {
                found.iter().any(|other| (&other.schema, &other.name) == (&it.schema, &it.name))
            };
            if !chosen.with_untracked(|it| it.as_ref().is_some_and(is_there)) {
                offset.set(0);
                chosen.set(found.first().cloned());
            }
            tables.set(found);
        });
    });
    Effect::new(move |_| {
        run.generation.track();
        let (Some(table), offset) = (chosen.get(), offset.get()) else { return rows.set(None) };
        spawn_local(async move {
            let details = (table.schema, table.name, offset);
            rows.set(Some(run.ask("rows", &details).await));
        });
    });
    let choose = move |table: TableInfo| {
        offset.set(0);
        chosen.set(Some(table));
    };
    let item = move |table: TableInfo| {
        let (schema, name) = (table.schema.clone(), table.name.clone());
        let is_chosen = move || {
            chosen.with(|it| it.as_ref().is_some_and(|it| it.schema == schema && it.name == name))
        };
        let (label, count) = (table.label.clone(), table.count);
        view! {
            <li>
                <button
                    class="table-item"
                    type="button"
                    aria-current=move || is_chosen().then_some("true")
                    on:click=move |_| choose(table.clone())
                >
                    <span class="table-name">{label}</span>
                    <span class="faint">{count}</span>
                </button>
            </li>
        }
    };
    let seen = move || match rows.get() {
        None => view! {
            <div class="nothing">
                <p class="nothing-title">"No tables"</p>
                <p class="faint">"Declare one, and run the schema again."</p>
            </div>
        }
        .into_any(),
        Some(Err(refusal)) => refused(refusal, "").into_any(),
        Some(Ok(rows)) => view! { {pager(&rows, offset)} {page_of(rows)} }.into_any(),
    };
    view! {
        <div class="table-browser">
            <ul class="table-list" tabindex="0" aria-label="Tables">
                {move || tables.get().into_iter().map(item).collect_view()}
            </ul>
            <div class="table-rows">{seen}</div>
        </div>
    }
}

fn pager(rows: &Part, offset: RwSignal<u32>) -> AnyView {
    let TableInfo { label, count, .. } = rows.table.clone();
    let first = rows.offset;
    let last = first + u32::try_from(rows.rows.len()).unwrap_or_default();
    let about = match (count, last > first) {
        (0, _) => "no rows".to_owned(),
        (_, false) => format!("{count} rows"),
        (_, true) => format!("{}–{last} of {count}", first + 1),
    };
    let is_one_page = count <= PAGE;
    let is_last = last >= count;
    view! {
        <div class="toolbar">
            <span class="path">{label}</span>
            <span class="faint" role="status">{about}</span>
            <span class="spread"></span>
            <button
                class="button small"
                type="button"
                hidden=is_one_page
                disabled=first == 0
                on:click=move |_| offset.set(first.saturating_sub(PAGE))
            >
                "Before"
            </button>
            <button
                class="button small"
                type="button"
                hidden=is_one_page
                disabled=is_last
                on:click=move |_| offset.set(first + PAGE)
            >
                "Next"
            </button>
        </div>
    }
    .into_any()
}

fn page_of(rows: Part) -> impl IntoView {
    let Part { table, columns, rows, .. } = rows;
    let is_empty = rows.is_empty();
    view! {
        {grid(format!("Rows of {}", table.label), columns, rows)}
        {is_empty
            .then(|| {
                view! {
                    <p class="outcome-head faint">
                        "Nothing is in it yet: insert a row in the console, or sample rows under Policies."
                    </p>
                }
            })}
    }
}
