//! The schema in a real PostgreSQL, in the page: what it refuses, a console, the tables,
//! and what policies let through.
//!
//! In: the session's schema. Out: views over [`Run`], which holds the database. PGlite comes when it is
//! first asked for; without it, the rest of the page works.

mod console;
mod database;
mod grid;
mod policies;
mod tables;

use leptos::prelude::*;

use self::console::Console;
use self::database::{Run, Status};
use self::policies::Policies;
use self::tables::Tables;
use super::Panel;
use crate::components::sides::move_focus;
use crate::page::page;

/// The panel that runs the schema.
pub(super) const PANEL: Panel =
    Panel { id: "run", title: "Run", keys: "Mod+Shift+4", view: || view! { <Body/> }.into_any() };

/// What can be done with a database; each is made when it is first opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Console,
    Tables,
    Policies,
}

const TOOLS: [(Tool, &str); 3] =
    [(Tool::Console, "Console"), (Tool::Tables, "Tables"), (Tool::Policies, "Policies")];

#[component]
fn Body() -> impl IntoView {
    let run = Run::new(page());
    provide_context(run);
    let tool = RwSignal::new(Tool::Console);
    let tab = move |(it, title): (Tool, &'static str)| {
        let is_active = move || tool.get() == it;
        view! {
            <span class="tab" class:active=is_active role="presentation">
                <button
                    class="tab-name"
                    type="button"
                    role="tab"
                    id=format!("tool-tab-{title}")
                    aria-controls=format!("tool-{title}")
                    aria-selected=move || is_active().to_string()
                    tabindex=move || if is_active() { "0" } else { "-1" }
                    on:click=move |_| tool.set(it)
                    on:keydown=move |event| move_focus(&event)
                >
                    {title}
                </button>
            </span>
        }
    };
    let body = move |(it, title): (Tool, &'static str)| {
        view! {
            <div
                class="tool"
                role="tabpanel"
                id=format!("tool-{title}")
                aria-labelledby=format!("tool-tab-{title}")
                hidden=move || tool.get() != it
            >
                {match it {
                    Tool::Console => view! { <Console/> }.into_any(),
                    Tool::Tables => view! { <Tables/> }.into_any(),
                    Tool::Policies => view! { <Policies is_shown=move || tool.get() == it/> }.into_any(),
                }}
            </div>
        }
    };
    view! {
        <Head/>
        <Show when=move || run.is_there.get() fallback=Nothing>
            <div class="bar">
                <div class="tabs" role="tablist" aria-label="Database">
                    {TOOLS.map(tab).collect_view()}
                </div>
            </div>
            {TOOLS.map(body).collect_view()}
        </Show>
    }
}

/// What starts it, and how it went.
#[component]
fn Head() -> impl IntoView {
    let run = expect_context::<Run>();
    let start = move || match run.status.get() {
        Status::Idle | Status::Stopped | Status::Unready => "Run the schema",
        Status::Failed { .. } => "Try again",
        _ => "Run again",
    };
    view! {
        <div class="toolbar run-head">
            <Show
                when=move || run.is_busy()
                fallback=move || {
                    view! {
                        <button class="button primary" type="button" on:click=move |_| run.start()>
                            {start}
                        </button>
                    }
                }
            >
                <button class="button" type="button" on:click=move |_| run.stop()>
                    "Stop"
                </button>
            </Show>
            <p class="run-status" role="status">{move || said(run.status.get())}</p>
        </div>
        {move || {
            (run.is_there.get() && run.is_outdated.get() && !run.is_busy())
                .then(|| view! { <p class="banner">"The schema has changed since it was run."</p> })
        }}
    }
}

/// How it is, in a few words.
fn said(status: Status) -> AnyView {
    let (class, text) = match status {
        Status::Idle => ("faint", String::new()),
        Status::Loading { fraction } => {
            ("faint", format!("Loading PostgreSQL: {:.0} %", fraction * 100.0))
        }
        Status::Starting => ("faint", "Starting PostgreSQL…".to_owned()),
        Status::Applying { done, total } => {
            ("faint", format!("Applying: {done} of {total} statements"))
        }
        Status::Applied { applied, total, took, database, .. } if applied == total => {
            let plural = if total == 1 { "" } else { "s" };
            let seconds = took / 1000.0;
            ("good", format!("{database} took {total} statement{plural} in {seconds:.1} s"))
        }
        Status::Applied { applied, total, database, .. } => {
            let refused = total.saturating_sub(applied);
            ("bad", format!("{database} refused {refused} of {total} statements: see Problems"))
        }
        Status::Unready => ("bad", "The schema has errors: mend them first".to_owned()),
        Status::Stopped => ("faint", "Stopped".to_owned()),
        Status::Failed { .. } => ("bad", "PostgreSQL did not start".to_owned()),
    };
    view! { <span class=class>{text}</span> }.into_any()
}

/// What stands there before there is a database.
#[component]
fn Nothing() -> impl IntoView {
    let run = expect_context::<Run>();
    let progress = move || match run.status.get() {
        Status::Loading { fraction } => Some(Some(fraction)),
        Status::Starting | Status::Applying { .. } => Some(None),
        _ => None,
    };
    let text = move || match run.status.get() {
        Status::Failed { message } => (
            "PostgreSQL is not there",
            format!("{message}. Everything else on this page works without it."),
        ),
        Status::Stopped => (
            "The database was stopped",
            "What was in it is gone. Run the schema to begin anew.".into(),
        ),
        Status::Loading { .. } | Status::Starting | Status::Applying { .. } => {
            ("PostgreSQL is on its way", "It is loaded once, and kept by the browser.".into())
        }
        Status::Idle | Status::Unready | Status::Applied { .. } => (
            "Run the schema in a real PostgreSQL",
            "It runs in this page, in memory, and nothing leaves it: 5 MB to load, the first time."
                .into(),
        ),
    };
    view! {
        <div class="nothing">
            <p class="nothing-title">{move || text().0}</p>
            <p class="faint run-about">{move || text().1}</p>
            {move || {
                progress()
                    .map(|at| view! { <progress class="run-progress" aria-label="Loading" value=at></progress> })
            }}
        </div>
    }
}
