//! minijinja, kept narrow: strict, bounded, and printing nothing but code.

use std::sync::OnceLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, UndefinedBehavior, Value};

use super::marks::{Marks, behind};
use crate::emit::output::Provenance;

/// A template of ours.
#[derive(Debug)]
pub struct Template {
    name: &'static str,
    source: &'static str,
    /// What it says, once it was read: that takes longer than to render a small schema.
    read: OnceLock<minijinja::Template<'static, 'static>>,
}

impl Template {
    /// The one of this text, which errors call `name`.
    pub const fn new(name: &'static str, source: &'static str) -> Self {
        Self { name, source, read: OnceLock::new() }
    }

    fn read(&self) -> Result<&minijinja::Template<'static, 'static>, Error> {
        once(&self.read, || ours()?.template_from_named_str(self.name, self.source))
    }
}

/// What a template gave.
#[derive(Debug)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Which lines come from which object.
    pub provenance: Vec<Provenance>,
}

/// Steps that a template may take: some hundreds for each object of the largest schema that is read.
const FUEL: u64 = 2_000_000_000;

/// The template's text over `context`, whose marks `marks` made.
pub fn render(template: &Template, context: Value, marks: &Marks) -> Result<Rendered, Error> {
    let text = template.read()?.render(context)?;
    let (text, provenance) = marks.finish(&text);
    Ok(Rendered { text, provenance })
}

/// What renders our own templates.
fn ours() -> Result<&'static Environment<'static>, Error> {
    static OURS: OnceLock<Environment<'static>> = OnceLock::new();
    once(&OURS, || {
        let mut environment = environment(FUEL)?;
        environment.add_filter("behind", behind);
        Ok(environment)
    })
}

/// What `kept` holds, which is made where it holds nothing yet.
fn once<T>(kept: &OnceLock<T>, make: impl FnOnce() -> Result<T, Error>) -> Result<&T, Error> {
    if let Some(known) = kept.get() {
        return Ok(known);
    }
    let value = make()?;
    Ok(kept.get_or_init(|| value))
}

/// What renders templates: strict, and for so many steps.
pub fn environment(fuel: u64) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    // Tags stand on lines of their own and leave none behind.
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(fuel));
    // `safe` would make code of any text.
    environment.remove_filter("safe");
    environment.set_formatter(|out, _, value| print(out, value));
    Ok(environment)
}

/// Prints code, and refuses all else.
pub fn print(out: &mut Output<'_>, value: &Value) -> Result<(), Error> {
    if value.is_safe() {
        return out.write_str(value.as_str().unwrap_or_default()).map_err(Error::from);
    }
    Err(Error::new(
        ErrorKind::BadEscape,
        format!("a template prints code, not a {}: quote it for its language", value.kind()),
    ))
}
