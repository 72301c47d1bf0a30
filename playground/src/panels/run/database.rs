//! The database of the panel: its state as signals, and what can be asked of it.

use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::interop::{Session, awaited, event_from_js, from_js, to_js};
use crate::page::Page;

#[wasm_bindgen(raw_module = "./page.js")]
extern "C" {
    /// What runs the schema: `js/run/runner.ts`.
    #[derive(Clone)]
    pub(super) type Runner;

    #[wasm_bindgen(js_name = openRunner)]
    fn open_runner(session: &Session, listen: &Closure<dyn Fn(JsValue)>) -> Promise;
    #[wasm_bindgen(method)]
    fn run(this: &Runner) -> Promise;
    #[wasm_bindgen(method)]
    fn stop(this: &Runner);
    #[wasm_bindgen(method)]
    fn ask(this: &Runner, question: &str, details: JsValue) -> Promise;

    /// What tries policies: `js/run/tester/tester.ts`.
    #[derive(Clone)]
    pub(super) type Tester;

    #[wasm_bindgen(js_name = openTester)]
    fn open_tester(
        host: &HtmlElement,
        session: &Session,
        runner: &Runner,
        touched: &Closure<dyn Fn()>,
    ) -> Promise;
    #[wasm_bindgen(method)]
    pub(super) fn refresh(this: &Tester) -> Promise;

    /// The console's editor: `js/run/console.ts`.
    #[derive(Clone)]
    pub(super) type SqlConsole;

    #[wasm_bindgen(constructor)]
    pub(super) fn new(host: &HtmlElement, run: &Closure<dyn Fn(String)>) -> SqlConsole;
    #[wasm_bindgen(method)]
    pub(super) fn submit(this: &SqlConsole);
}

/// How it is: `Status` of `js/run/runner.ts`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// Nobody has asked for it yet.
    Idle,
    Loading {
        fraction: f64,
    },
    Starting,
    Applying {
        done: u32,
        total: u32,
    },
    Applied {
        applied: u32,
        total: u32,
        took: f64,
        database: String,
        edition: u32,
    },
    /// The compiler refuses the schema.
    Unready,
    Stopped,
    Failed {
        message: String,
    },
}

/// A value: its text, or null.
pub(super) type Cell = Option<String>;

/// A table of the database.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct TableInfo {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) count: u32,
}

/// What PostgreSQL said when it refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) code: Option<String>,
    pub(super) position: Option<String>,
    /// Which of several statements it refused, from 1.
    pub(super) statement: Option<u32>,
    pub(super) detail: Option<String>,
    pub(super) hint: Option<String>,
}

/// The database.
#[derive(Clone, Copy)]
pub(super) struct Run {
    page: Page,
    pub(super) status: RwSignal<Status>,
    /// Whether there is one to be asked.
    pub(super) is_there: RwSignal<bool>,
    /// Whether the schema changed since it was applied.
    pub(super) is_outdated: RwSignal<bool>,
    /// Counts what may have changed what is in it.
    pub(super) generation: RwSignal<u32>,
    runner: StoredValue<Option<Runner>, LocalStorage>,
}

impl Run {
    /// None yet.
    pub(super) fn new(page: Page) -> Self {
        let run = Self {
            page,
            status: RwSignal::new(Status::Idle),
            is_there: RwSignal::new(false),
            is_outdated: RwSignal::new(false),
            generation: RwSignal::new(0),
            runner: StoredValue::new_local(None),
        };
        Effect::new(move |_| {
            page.state.is_stale.track();
            let edition = page.session().edition();
            run.is_outdated.set(
                matches!(run.status.get(), Status::Applied { edition: ran, .. } if ran != edition),
            );
        });
        run
    }

    /// Whether it is being made.
    pub(super) fn is_busy(self) -> bool {
        self.status.with(|status| {
            matches!(status, Status::Loading { .. } | Status::Starting | Status::Applying { .. })
        })
    }

    /// Applies the schema in a new database.
    pub(super) fn start(self) {
        self.status.set(Status::Starting);
        spawn_local(async move {
            let done = match self.runner().await {
                Ok(runner) => awaited(runner.run()).await.map(drop),
                Err(reason) => Err(reason),
            };
            if let Err(message) = done {
                self.hear(Status::Failed { message });
            }
        });
    }

    /// Ends the database.
    pub(super) fn stop(self) {
        match self.runner.get_value() {
            Some(runner) => runner.stop(),
            None => self.hear(Status::Stopped),
        }
    }

    /// Asks the database.
    pub(super) async fn ask<T: DeserializeOwned>(
        self,
        question: &str,
        details: &impl Serialize,
    ) -> Result<T, Refusal> {
        let runner = self.runner().await.map_err(refusal)?;
        let answer =
            wasm_bindgen_futures::JsFuture::from(runner.ask(question, to_js(details))).await;
        match answer {
            Ok(value) => from_js(value).ok_or_else(|| refusal("the answer cannot be read".into())),
            Err(error) => Err(from_js(error).unwrap_or_else(|| refusal("no answer".into()))),
        }
    }

    /// Puts the policy tester into `host`.
    pub(super) async fn open_tester(self, host: &HtmlElement) -> Result<Tester, String> {
        let runner = self.runner().await?;
        let touched = Closure::<dyn Fn()>::new(move || self.touch());
        let opened = awaited(open_tester(host, &self.page.session(), &runner, &touched)).await?;
        // The tester calls it as long as it is there.
        touched.forget();
        Ok(opened.unchecked_into())
    }

    /// Says that what is in it may be another.
    pub(super) fn touch(self) {
        self.generation.update(|it| *it += 1);
    }

    async fn runner(self) -> Result<Runner, String> {
        if let Some(runner) = self.runner.get_value() {
            return Ok(runner);
        }
        let listen = Closure::<dyn Fn(JsValue)>::new(move |status| {
            if let Some(status) = event_from_js(&status) {
                self.hear(status);
            }
        });
        let opened = awaited(open_runner(&self.page.session(), &listen)).await;
        // The runner stays as long as the page.
        listen.forget();
        let runner: Runner = opened?.unchecked_into();
        self.runner.set_value(Some(runner.clone()));
        Ok(runner)
    }

    fn hear(self, status: Status) {
        match status {
            Status::Applied { .. } => {
                self.is_there.set(true);
                self.touch();
            }
            Status::Stopped | Status::Failed { .. } => self.is_there.set(false),
            _ => {}
        }
        self.status.set(status);
    }
}

fn refusal(message: String) -> Refusal {
    Refusal { message, code: None, position: None, statement: None, detail: None, hint: None }
}
