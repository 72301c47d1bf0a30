//! What is told in passing: one line that goes by itself, read aloud by screen readers.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{self, Glyph};
use crate::page::page;

/// How long a line stays.
const STAY: Duration = Duration::from_secs(6);

#[component]
pub(crate) fn Notices() -> impl IntoView {
    let page = page();
    let notice = page.state.notice;
    Effect::new(move |_| {
        let Some(told) = notice.get() else { return };
        let leave = move || {
            if notice.get_untracked().as_ref() == Some(&told) {
                notice.set(None);
            }
        };
        set_timeout(leave, STAY);
    });
    let go_back = move |_| {
        notice.set(None);
        page.go_back();
    };
    view! {
        <div class="notices" role="status" aria-live="polite">
            {move || {
                notice
                    .get()
                    .map(|told| {
                        view! {
                            <div class="notice">
                                <span>{told.text}</span>
                                {told
                                    .can_go_back
                                    .then(|| {
                                        view! {
                                            <button class="link" type="button" on:click=go_back>
                                                "Bring it back"
                                            </button>
                                        }
                                    })}
                                <button
                                    class="button quiet square small"
                                    type="button"
                                    aria-label="Dismiss"
                                    on:click=move |_| notice.set(None)
                                >
                                    <Glyph icon=icon::CLOSE/>
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
