//! The playground: one page in which a schema is written on the left and everything that is made of it
//! stands on the right.
//!
//! In: what its visitor types, a link, what the browser kept. Out: a page. It never compiles: that is
//! done by the package's own WebAssembly, mostly in a thread of its own, behind [`interop`]. The texts live in
//! the editor; the page holds what stands around them.
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

/// Puts the page into the document.
#[cfg(target_family = "wasm")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    leptos::mount::mount_to_body(app::App);
}
