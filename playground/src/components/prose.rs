//! A line of prose in which words in backticks are code. In: Markdown's smallest part, as the compiler
//! writes it in messages and one-line documentation. Out: text and `<code>`, never HTML.

use leptos::prelude::*;

/// `text`, with its code.
pub(crate) fn prose(text: &str) -> impl IntoView + use<> {
    let part = |(index, part): (usize, &str)| {
        let part = part.to_owned();
        if index % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    };
    text.split('`').enumerate().map(part).collect_view()
}
