//! What can be done, by name and key: one list, from which come the palette, the shortcuts and the
//! hints on buttons.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::page::Page;
use crate::panels::{self, PANELS};
use crate::state::{Overlay, Side};

/// Something that can be done at any time.
pub(crate) struct Command {
    pub(crate) title: String,
    /// Its keys: `Mod` is Control, or Command on a Mac. Empty where it has none.
    pub(crate) keys: &'static str,
    pub(crate) run: Box<dyn Fn(Page) + Send + Sync>,
}

/// The keys of the palette.
pub(crate) const PALETTE: &str = "Mod+K";

/// Every command of the page.
pub(crate) fn commands() -> Vec<Command> {
    let mut all = vec![
        command("Format this file", "Shift+Alt+F", Page::format),
        command("Fix or rewrite at the cursor", "Mod+.", Page::offer_actions),
        command("Go to the next problem", "F8", |page| page.session().next_problem()),
        command("Find in the schema", "Mod+F", |page| page.session().find()),
        command("Undo", "Mod+Z", |page| page.session().undo()),
        command("Redo", "Mod+Shift+Z", |page| page.session().redo()),
        command("Copy the output", "Shift+Alt+C", Page::copy_output),
        command("Download this output", "", Page::download),
        command("Download everything as a zip", "Mod+Shift+S", Page::download_all),
        command("Share by a link", "Mod+Shift+L", Page::share),
        command("Open an example", "Mod+Shift+E", |page| open(page, Overlay::Gallery)),
        command("New file", "", |page| open(page, Overlay::Name(None))),
        command("Rename this file", "", |page| {
            open(page, Overlay::Name(Some(page.state.active.get_untracked())));
        }),
        command("Bring back the schema before", "", Page::go_back),
        command("Switch between light and dark", "", Page::toggle_theme),
        command("Go to the editor", "Mod+Shift+1", |page| {
            page.state.side.set(Side::Schema);
            page.session().focus();
        }),
    ];
    for panel in PANELS {
        let title = format!("Show {}", panel.title);
        let run = Box::new(move |page: Page| panels::choose(page, panel.id));
        all.push(Command { title, keys: panel.keys, run });
    }
    for target in schemagen_core::targets() {
        let title = format!("Show the output for {}", target.title);
        let run = Box::new(move |page: Page| {
            panels::choose(page, panels::FIRST);
            page.choose_target(target.name);
        });
        all.push(Command { title, keys: "", run });
    }
    all
}

fn command(title: &str, keys: &'static str, run: impl Fn(Page) + Send + Sync + 'static) -> Command {
    Command { title: title.to_owned(), keys, run: Box::new(run) }
}

fn open(page: Page, overlay: Overlay) {
    page.state.overlay.set(Some(overlay));
}

/// Runs the command of the keys that are pressed, unless something lies over the page or the editor
/// has done it. Letters without a key that is held are written, and no command has them.
pub(crate) fn press(page: Page, event: &KeyboardEvent) {
    let is_open = page.state.overlay.with_untracked(Option::is_some);
    let is_held = event.ctrl_key() || event.meta_key() || event.alt_key();
    let is_letter = !is_held && event.key().chars().count() == 1;
    if event.default_prevented() || is_open || is_letter {
        return;
    }
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let is_field = target.is_some_and(|it| matches!(&*it.tag_name(), "INPUT" | "TEXTAREA"));
    if is_pressed(PALETTE, event) || is_pressed("F1", event) {
        event.prevent_default();
        page.state.overlay.set(Some(Overlay::Palette));
    } else if !is_field
        && let Some(command) = commands().iter().find(|it| is_pressed(it.keys, event))
    {
        event.prevent_default();
        (command.run)(page);
    }
}

fn is_pressed(keys: &str, event: &KeyboardEvent) -> bool {
    let mut parts: Vec<&str> = keys.split('+').collect();
    let Some(key) = parts.pop().filter(|key| !key.is_empty()) else { return false };
    let digit = event.code().strip_prefix("Digit").map(str::to_owned);
    let letter = event.code().strip_prefix("Key").map(str::to_owned);
    // With Shift or Alt the character is another one; the key is the same.
    let pressed = digit.or(letter).unwrap_or_else(|| event.key());
    pressed.eq_ignore_ascii_case(key)
        && parts.contains(&"Mod") == (event.ctrl_key() || event.meta_key())
        && parts.contains(&"Shift") == event.shift_key()
        && parts.contains(&"Alt") == event.alt_key()
}

/// Keys as the keyboard in front of the visitor names them.
pub(crate) fn spelled(keys: &str) -> String {
    let is_mac = window().navigator().platform().is_ok_and(|name| name.starts_with("Mac"));
    if is_mac {
        keys.replace("Mod", "⌘").replace("Shift", "⇧").replace("Alt", "⌥").replace('+', "")
    } else {
        keys.replace("Mod", "Ctrl")
    }
}
