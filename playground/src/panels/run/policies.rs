//! The policy tester: where it stands, and when it looks again. What it does is in `js/run/tester`,
//! which is loaded when somebody first opens it.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::database::{Run, Tester};

/// The tester; `is_shown` says whether anybody sees it.
#[component]
pub(super) fn Policies(#[prop(into)] is_shown: Signal<bool>) -> impl IntoView {
    let run = expect_context::<Run>();
    let host = NodeRef::<html::Div>::new();
    let tester = StoredValue::new_local(None::<Tester>);
    let failure = RwSignal::new(None::<String>);
    // Which rows it was shown for: looking takes time, so it looks again only at others.
    let seen = StoredValue::new(None::<u32>);
    Effect::new(move |_| {
        let (Some(host), generation) = (host.get(), run.generation.get()) else { return };
        if !is_shown.get() || seen.get_value() == Some(generation) {
            return;
        }
        seen.set_value(Some(generation));
        spawn_local(async move {
            if tester.with_value(Option::is_none) {
                match run.open_tester(&host).await {
                    Ok(opened) => tester.set_value(Some(opened)),
                    Err(reason) => return failure.set(Some(reason)),
                }
            }
            if let Some(tester) = tester.get_value() {
                // It says itself what goes wrong.
                drop(tester.refresh());
            }
        });
    });
    view! {
        <div class="tester" node_ref=host></div>
        {move || {
            failure
                .get()
                .map(|reason| {
                    view! {
                        <div class="refusal" role="alert">
                            <p class="bad">{format!("The policy tester does not load: {reason}")}</p>
                        </div>
                    }
                })
        }}
    }
}
