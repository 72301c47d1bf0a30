//! The place of the editor, which is CodeMirror's: `js/session.ts` puts it there.

use leptos::html;
use leptos::prelude::*;

use crate::page::page;

#[component]
pub(crate) fn Editor() -> impl IntoView {
    let page = page();
    let host = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(host) = host.get() {
            page.session().mount_editor(&host);
        }
    });
    view! { <div class="editor" id="editor" role="tabpanel" aria-label="Schema" node_ref=host></div> }
}
