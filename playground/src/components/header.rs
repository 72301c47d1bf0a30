//! The bar on top: what this is, and what can be done with all of it.

use leptos::prelude::*;

use super::icon::{self, Glyph, Icon};
use crate::commands;
use crate::page::{Page, page};
use crate::state::Overlay;

#[component]
pub(crate) fn Header() -> impl IntoView {
    let page = page();
    let open = move |overlay: Overlay| page.state.overlay.set(Some(overlay));
    view! {
        <header class="header">
            <h1 class="brand">
                <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M4 5.5h16M4 12h10M4 18.5h6"></path>
                    <circle cx="18" cy="15.5" r="3.5"></circle>
                </svg>
                "schemagen"
                <span class="brand-place">"playground"</span>
            </h1>
            <button
                class="search"
                type="button"
                on:click=move |_| open(Overlay::Palette)
            >
                <Glyph icon=icon::SEARCH/>
                <span class="search-words">"Search commands"</span>
                <kbd>{commands::spelled(commands::PALETTE)}</kbd>
            </button>
            <nav class="actions" aria-label="Project">
                {action(icon::EXAMPLES, "Examples", move |_| open(Overlay::Gallery))}
                {action(icon::SHARE, "Share", Page::share)}
                {action(icon::ARCHIVE, "Download", Page::download_all)}
                <button
                    class="button quiet square"
                    type="button"
                    aria-label="Switch between light and dark"
                    title="Light or dark"
                    on:click=move |_| page.toggle_theme()
                >
                    <Glyph icon=icon::THEME/>
                </button>
            </nav>
        </header>
    }
}

fn action(icon: Icon, label: &'static str, run: impl Fn(Page) + 'static) -> impl IntoView {
    let page = page();
    view! {
        <button class="button quiet" type="button" aria-label=label on:click=move |_| run(page)>
            <Glyph icon/>
            <span class="label">{label}</span>
        </button>
    }
}
