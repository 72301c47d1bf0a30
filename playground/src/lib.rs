//! The playground: one page in which a schema is written on the left and everything that is made of it
//! stands on the right.
//!
//! In: what its visitor types, a link, what the browser kept. Out: a page. The compiler is linked in. The
//! page's Rust asks it what targets there are and what codes mean; schemas come from the editor, so the
//! JavaScript behind [`interop`] compiles them, by the doors of `schemagen_wasm` in this module, here and
//! in a thread that has a second instance of it. The texts live in the editor; the page holds what stands
//! around them.
//!
//! 1. [`boot`] decides which [`project`] the visit begins with.
//! 2. [`state`] holds what the page shows, as signals, and hears what the session says.
//! 3. [`page`] is what can be done; [`commands`] gives it names and keys.
//! 4. [`app`] lays the page out: [`components`] around the editor, [`panels`] beside it.

#![cfg_attr(
    target_family = "wasm",
    expect(
        unreachable_pub,
        reason = "what leptos makes of a component is public inside of its module"
    )
)]

pub mod project;

#[cfg(target_family = "wasm")]
mod app;
#[cfg(target_family = "wasm")]
mod boot;
#[cfg(target_family = "wasm")]
mod commands;
#[cfg(target_family = "wasm")]
mod components;
#[cfg(target_family = "wasm")]
mod examples;
#[cfg(target_family = "wasm")]
mod interop;
#[cfg(target_family = "wasm")]
mod page;
#[cfg(target_family = "wasm")]
mod panels;
#[cfg(target_family = "wasm")]
mod state;
#[cfg(target_family = "wasm")]
mod theme;

/// Puts the page into the document. In the compiler's thread there is none.
#[cfg(target_family = "wasm")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    schemagen_wasm::panic::install();
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    if let Some(notice) = document.get_element_by_id("loading") {
        notice.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
