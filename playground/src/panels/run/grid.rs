//! Rows under the names of their columns.

use leptos::prelude::*;

use super::database::{Cell, Refusal};

/// A grid that scrolls by itself; `label` is what screen readers call it.
pub(super) fn grid(label: String, columns: Vec<String>, rows: Vec<Vec<Cell>>) -> impl IntoView {
    let row = |cells: Vec<Cell>| view! { <tr>{cells.into_iter().map(cell).collect_view()}</tr> };
    view! {
        <div class="grid-scroll" tabindex="0" role="region" aria-label=label>
            <table class="grid">
                <thead>
                    <tr>
                        {columns
                            .into_iter()
                            .map(|name| view! { <th scope="col">{name}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A value.
pub(super) fn cell(cell: Cell) -> impl IntoView {
    match cell {
        Some(text) => {
            let whole = text.clone();
            view! { <td title=whole>{text}</td> }.into_any()
        }
        None => view! { <td class="faint">"null"</td> }.into_any(),
    }
}

/// What PostgreSQL said when it refused; `sql` is what it was asked.
pub(super) fn refused(refusal: Refusal, sql: &str) -> impl IntoView {
    let Refusal { message, code, position, statement, detail, hint } = refusal;
    let characters = position.and_then(|it| it.parse::<usize>().ok());
    let line = characters.map(|at| {
        let before: String = sql.chars().take(at.saturating_sub(1)).collect();
        format!("line {}", before.matches('\n').count() + 1)
    });
    let statement = statement.filter(|it| *it > 1).map(|it| format!("statement {it}"));
    let place = [code.map(|it| format!("SQLSTATE {it}")), statement, line];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(", ");
    view! {
        <div class="refusal" role="alert">
            <p class="bad">{message}</p>
            {detail.map(|it| view! { <p>{it}</p> })}
            {hint.map(|it| view! { <p class="help">{it}</p> })}
            <p class="faint">{place}</p>
        </div>
    }
}
