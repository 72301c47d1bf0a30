//! A dialog: the browser's own, so that the focus stays in it and Escape closes it. In: a title and
//! what is in it. Out: a view that is open as long as it is there.

use leptos::html;
use leptos::prelude::*;

use crate::page::page;

/// A dialog; `class` says how wide it is.
#[component]
pub(crate) fn Dialog(
    title: &'static str,
    #[prop(default = "")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let page = page();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            let _ = dialog.show_modal();
        }
    });
    // A click beside it hits the dialog itself, not what is in it.
    let close_beside = move |event: leptos::ev::MouseEvent| {
        if event.target() == node.get_untracked().map(Into::into) {
            page.close_overlay();
        }
    };
    view! {
        <dialog
            node_ref=node
            class=format!("dialog {class}")
            aria-label=title
            on:close=move |_| page.close_overlay()
            on:mousedown=close_beside
        >
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
