//! What can be done on the page.
//!
//! In: the signals and the session. Out: the session is told, and the signals say so. Everything that a
//! button, a key or a command does is a method here.

use std::collections::BTreeMap;
use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemagen_core::emit::{OptionInfo, TargetInfo};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use crate::interop::{
    Action, Edit, Location, Session, awaited, event_from_js, from_js, load, pack, to_js,
};
use crate::project::{File, Options, Project, check_name};
use crate::state::{Notice, Overlay, State};

/// The beginning of a fragment that holds a project.
pub(crate) const FRAGMENT: &str = "#s=";

/// A link of more characters is cut by some of the programs that people send it with.
const LONG_LINK: usize = 8_000;

/// The page: what it shows, and its session.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) state: State,
    session: StoredValue<Session, LocalStorage>,
}

/// The page that a component belongs to.
pub(crate) fn page() -> Page {
    expect_context()
}

impl Page {
    /// Starts the session.
    pub(crate) fn start() -> Self {
        let state = State::new();
        let listen = Closure::<dyn Fn(JsValue)>::new(move |happened| {
            if let Some(happened) = event_from_js(&happened) {
                state.hear(happened);
            }
        });
        let describe = Closure::<dyn Fn(JsValue) -> String>::new(move |files| {
            state.project(from_js(files).unwrap_or_default()).write()
        });
        let session = Session::new(&wasm_bindgen::module(), &listen, &describe);
        // The session stays as long as the page.
        listen.forget();
        describe.forget();
        Self { state, session: StoredValue::new_local(session) }
    }

    /// The session.
    pub(crate) fn session(&self) -> Session {
        self.session.get_value()
    }

    /// Works on `project` from now on; `slot` names what the browser kept of it.
    pub(crate) async fn open(self, project: Project, slot: Option<&str>) {
        let Project { files, active, target, options, target_version, .. } = project;
        let state = self.state;
        state.files.set(files.iter().map(|file| file.name.clone()).collect());
        state.active.set(active.clone());
        state.target.set(known_target(&target).to_owned());
        state.options.set(known_options(options));
        state.target_version.set(target_version);
        state.written.set(Vec::new());
        let session = self.session();
        let files: Vec<Value> =
            files.into_iter().map(|it| json!({ "name": it.name, "text": it.text })).collect();
        let told = json!({ "files": files, "active": active, "settings": self.settings() });
        if let Err(reason) = awaited(session.open(to_js(&told), slot)).await {
            state.tell(format!("The project does not open: {reason}"));
        }
    }

    /// Works on `project` instead of what is there, which can be brought back.
    pub(crate) async fn replace(self, project: Project) {
        let kept = awaited(self.session().set_aside()).await;
        let can_go_back = kept.is_ok_and(|it| it == JsValue::TRUE);
        self.open(project, None).await;
        if can_go_back {
            let text = "Your schema was set aside".to_owned();
            self.state.notice.set(Some(Notice { text, can_go_back }));
        }
    }

    /// Brings back what was on the page before a link or an example.
    pub(crate) fn go_back(self) {
        self.run(async move {
            let kept = awaited(load("previous")).await.ok().and_then(|kept| {
                let project = js_sys::Reflect::get(&kept, &"project".into()).ok()?.as_string()?;
                Project::read(&project).ok()
            });
            match kept {
                Some(project) => self.open(project, Some("previous")).await,
                None => self.state.tell("There is nothing to bring back"),
            }
            Ok(())
        });
    }

    /// Shows a target.
    pub(crate) fn choose_target(self, name: &str) {
        self.state.target.set(name.to_owned());
        self.state.written.set(Vec::new());
        self.configure();
    }

    /// Sets an option of the shown target; its default takes it away.
    pub(crate) fn set_option(self, option: &OptionInfo, value: Value) {
        let target = self.state.target.get_untracked();
        self.state.options.update(|all| {
            let options = all.entry(target).or_default();
            if value == option.kind.default() {
                options.remove(option.name);
            } else {
                options.insert(option.name.to_owned(), value);
            }
            all.retain(|_, options| !options.is_empty());
        });
        self.configure();
    }

    /// Compiles for this version of PostgreSQL.
    pub(crate) fn set_target_version(self, version: Option<u16>) {
        self.state.target_version.set(version);
        self.configure();
    }

    /// Shows one of the files that the target writes.
    pub(crate) fn show(self, path: &str) {
        self.state.shown.set(path.to_owned());
        self.session().show(path);
    }

    /// Adds a file of this name, or says why not.
    pub(crate) fn add_file(self, name: &str) -> Result<(), String> {
        self.accept_name(name, None)?;
        self.state.files.update(|files| files.push(name.to_owned()));
        self.session().add(to_js(&File { name: name.to_owned(), text: String::new() }));
        Ok(())
    }

    /// Gives a file another name, or says why not.
    pub(crate) fn rename_file(self, file: &str, name: &str) -> Result<(), String> {
        self.accept_name(name, Some(file))?;
        self.state.files.update(|files| {
            for it in files.iter_mut().filter(|it| *it == file) {
                name.clone_into(it);
            }
        });
        if self.state.active.get_untracked() == file {
            self.state.active.set(name.to_owned());
        }
        self.session().rename(file, name);
        Ok(())
    }

    /// Takes a file away, unless it is the last.
    pub(crate) fn remove_file(self, file: &str) {
        if self.state.files.with_untracked(Vec::len) > 1 {
            self.session().remove(file);
            self.state.files.update(|files| files.retain(|it| it != file));
        }
    }

    /// Puts the cursor to a place of the sources.
    pub(crate) fn go_to(self, place: &Location) {
        self.session().go_to(to_js(place));
    }

    /// Changes the sources.
    pub(crate) fn edit(self, edits: &[Edit]) {
        self.session().edit(to_js(&edits));
        self.session().focus();
    }

    /// Shows what can be done where the cursor is.
    pub(crate) fn offer_actions(self) {
        self.run(async move {
            let found = awaited(self.session().actions()).await?;
            let actions: Vec<Action> = from_js(found).unwrap_or_default();
            if actions.is_empty() {
                self.state.tell("There is nothing to do here");
            } else {
                self.state.overlay.set(Some(Overlay::Actions(actions)));
            }
            Ok(())
        });
    }

    /// Formats the file in the editor.
    pub(crate) fn format(self) {
        self.run(async move { awaited(self.session().format()).await.map(drop) });
    }

    /// Puts the shown output on the clipboard.
    pub(crate) fn copy_output(self) {
        self.copy(self.session().output(), "Copied");
    }

    /// Puts `text` on the clipboard and says `done`.
    pub(crate) fn copy(self, text: String, done: &'static str) {
        self.run(async move {
            let copied = awaited(window().navigator().clipboard().write_text(&text)).await;
            copied.map_err(|_| "The browser does not give its clipboard".to_owned())?;
            self.state.tell(done);
            Ok(())
        });
    }

    /// Downloads the shown file.
    pub(crate) fn download(self) {
        self.session().download(&self.state.shown.get_untracked());
    }

    /// Downloads the files of all targets, and the sources.
    pub(crate) fn download_all(self) {
        self.run(async move { awaited(self.session().download_all()).await.map(drop) });
    }

    /// Downloads the diagram, as `SVG` or `PNG`.
    pub(crate) fn save_diagram(self, format: &'static str) {
        self.run(async move { awaited(self.session().save_diagram(format)).await.map(drop) });
    }

    /// Shows a link to what is on the page.
    pub(crate) fn share(self) {
        self.run(async move {
            let project = self.state.project(from_js(self.session().files()).unwrap_or_default());
            let letters = awaited(pack(&project.write())).await?.as_string().unwrap_or_default();
            let location = window().location();
            let origin = location.origin().unwrap_or_default();
            let path = location.pathname().unwrap_or_default();
            let link = format!("{origin}{path}{FRAGMENT}{letters}");
            self.state.overlay.set(Some(Overlay::Share(link)));
            Ok(())
        });
    }

    /// Light instead of dark, or the other way.
    pub(crate) fn toggle_theme(self) {
        let theme = self.state.theme.get_untracked().toggled();
        theme.apply();
        self.state.theme.set(theme);
    }

    /// Closes what lies over the page.
    pub(crate) fn close_overlay(self) {
        self.state.overlay.set(None);
    }

    /// Runs what takes a while; tells why, if it fails.
    fn run(self, work: impl Future<Output = Result<(), String>> + 'static) {
        spawn_local(async move {
            if let Err(reason) = work.await {
                self.state.tell(reason);
            }
        });
    }

    /// What holds for all compilations from now on.
    fn configure(self) {
        self.session().configure(to_js(&self.settings()));
    }

    /// `Settings` of `js/compiler/protocol.ts`.
    fn settings(self) -> Value {
        let version = self.state.target_version.get_untracked();
        json!({
            "target": self.state.target.get_untracked(),
            "options": self.state.options.get_untracked(),
            "check": version.map_or_else(|| json!({}), |version| json!({ "targetVersion": version })),
        })
    }

    fn accept_name(self, name: &str, but: Option<&str>) -> Result<(), String> {
        self.state.files.with_untracked(|files| {
            let others = files.iter().map(String::as_str).filter(|other| Some(*other) != but);
            check_name(name, others).map_err(|refusal| refusal.0)
        })
    }
}

/// The target of this name.
pub(crate) fn target_named(name: &str) -> Option<&'static TargetInfo> {
    schemagen_core::targets().find(|it| it.name == name)
}

/// A link may come from a page with other targets: for one that this page does not have, the first.
fn known_target(name: &str) -> &str {
    target_named(name).or_else(|| schemagen_core::targets().next()).map_or(name, |it| it.name)
}

/// The same of options, which are left out.
fn known_options(mut all: BTreeMap<String, Options>) -> BTreeMap<String, Options> {
    for (name, options) in &mut all {
        let known = target_named(name).map_or(&[][..], |target| target.options);
        options.retain(|name, _| known.iter().any(|it| it.name == name));
    }
    all.retain(|_, options| !options.is_empty());
    all
}

/// Whether a link is longer than all programs send whole.
pub(crate) const fn is_long(link: &str) -> bool {
    link.len() > LONG_LINK
}
