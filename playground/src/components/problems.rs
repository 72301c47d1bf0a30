//! The list of what the compiler has to say. Each finding leads to its place, offers its repairs and
//! explains its code.

use leptos::prelude::*;

use super::icon::{self, Glyph, Icon};
use super::prose::prose;
use crate::interop::{Action, Location, Problem, Severity};
use crate::page::{Page, page};
use crate::state::{Compiler, Overlay};

/// More findings than anybody reads; the rest is counted.
const MOST: usize = 200;

#[component]
pub(crate) fn Problems() -> impl IntoView {
    let page = page();
    let state = page.state;
    let is_open = RwSignal::new(true);
    let total = move || state.problems.with(Vec::len);
    view! {
        <section class="problems" aria-label="Problems">
            <button
                class="problems-head"
                type="button"
                aria-expanded=move || (is_open.get() && total() > 0).to_string()
                disabled=move || total() == 0
                on:click=move |_| is_open.update(|it| *it = !*it)
            >
                <span class="summary" role="status">{move || summary(page)}</span>
                <span class="timing">{move || timing(page)}</span>
                <Show when=move || { total() > 0 }>
                    <Glyph icon=icon::CHEVRON/>
                </Show>
            </button>
            <Show when=move || is_open.get() && { total() > 0 }>
                <ul class="findings" tabindex="0" aria-label="Findings">
                    {move || {
                        let found = state.problems.get().into_iter().take(MOST);
                        found.map(|it| finding(page, it)).collect_view()
                    }}
                    <Show when=move || { total() > MOST }>
                        <li class="more">{move || format!("and {} more", total() - MOST)}</li>
                    </Show>
                </ul>
            </Show>
        </section>
    }
}

/// How it is, in a few words.
fn summary(page: Page) -> AnyView {
    let state = page.state;
    match state.compiler.get() {
        Compiler::Loading => {
            view! { <span class="faint">"Starting the compiler…"</span> }.into_any()
        }
        Compiler::Failed(reason) => {
            view! { <span class="bad"><Glyph icon=icon::ERROR/>{reason}</span> }.into_any()
        }
        Compiler::Ready if state.problems.with(Vec::is_empty) => {
            view! { <span class="good"><Glyph icon=icon::CHECK/>"No problems"</span> }.into_any()
        }
        Compiler::Ready => [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .filter(|severity| state.count(*severity) > 0)
            .map(|severity| {
                let (icon, class, one) = look(severity);
                let count = state.count(severity);
                let plural = if count == 1 { "" } else { "s" };
                view! { <span class=class><Glyph icon/>{format!("{count} {one}{plural}")}</span> }
            })
            .collect_view()
            .into_any(),
    }
}

fn timing(page: Page) -> String {
    let took = page.state.took.get();
    if took > 0.0 { format!("compiled in {took:.1} ms") } else { String::new() }
}

const fn look(severity: Severity) -> (Icon, &'static str, &'static str) {
    match severity {
        Severity::Error => (icon::ERROR, "bad", "error"),
        Severity::Warning => (icon::WARNING, "fair", "warning"),
        Severity::Note => (icon::NOTE, "note", "note"),
    }
}

fn finding(page: Page, problem: Problem) -> impl IntoView {
    let Problem { code, severity, message, file, range, help, fixes } = problem;
    let (icon, class, one) = look(severity);
    let place = file.zip(range).map(|(file, range)| Location { file, range });
    let at = place
        .as_ref()
        .map(|at| format!("{}:{}:{}", at.file, at.range.start.line + 1, at.range.start.column + 1));
    let explained = code.clone();
    view! {
        <li class="finding">
            <span class=class title=one><Glyph icon/></span>
            <div class="finding-text">
                <button
                    class="finding-message"
                    type="button"
                    on:click=move |_| place.iter().for_each(|place| page.go_to(place))
                >
                    {prose(&message)}
                </button>
                {help.map(|help| view! { <p class="help">{prose(&help)}</p> })}
                <p class="finding-foot">
                    {fixes.into_iter().map(|fix| repair(page, fix)).collect_view()}
                    <button
                        class="link"
                        type="button"
                        on:click=move |_| {
                            page.state.overlay.set(Some(Overlay::Explain(explained.clone())));
                        }
                    >
                        {code}
                    </button>
                    <span class="faint">{at}</span>
                </p>
            </div>
        </li>
    }
}

fn repair(page: Page, Action { title, edits }: Action) -> impl IntoView {
    view! {
        <button class="button small" type="button" on:click=move |_| page.edit(&edits)>
            {prose(&title)}
        </button>
    }
}
