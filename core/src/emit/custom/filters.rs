//! How users' templates quote: each filter gives what is legal in its language.
//!
//! In: a value of the context. Out: text that may be printed. `raw` prints a text as it is: what a schema
//! says may then mean anything where it stands.

use minijinja::{Environment, Error, ErrorKind, Value};

use crate::emit::lang::{Code, markdown, python, typescript, xml};
use crate::emit::shapes::naming;
use crate::sql::ident::quote_ident;
use crate::sql::literal::quote_literal;

/// The filters, each with what it gives, for the documentation.
pub const FILTERS: &[(&str, &str)] = &[
    ("raw", "The text as it is. Use it for names that you trust, never for comments."),
    ("json", "Any value as JSON."),
    ("ts_string", "A string of TypeScript and JavaScript."),
    ("py_string", "A string of Python."),
    ("sql_ident", "A name in SQL, quoted where it must be."),
    ("sql_string", "A literal in SQL."),
    ("md", "Prose in Markdown."),
    ("md_code", "Code within a line of Markdown."),
    ("xml", "Text in XML and HTML."),
    ("line", "One line, for a comment that ends with the line."),
    ("pascal", "A name in PascalCase: an identifier."),
    ("camel", "A name in camelCase: an identifier."),
];

/// What a text becomes.
type Quote = fn(&str) -> String;

/// Adds the filters.
pub(super) fn add(environment: &mut Environment<'_>) {
    let texts: [(&str, Quote); 11] = [
        ("raw", str::to_owned),
        ("ts_string", |text| typescript::string(text).into()),
        ("py_string", |text| python::string(text).into()),
        ("sql_ident", |text| quote_ident(text).into_owned()),
        ("sql_string", quote_literal),
        ("md", markdown::text),
        ("md_code", markdown::code),
        ("xml", |text| xml::text(text).into_owned()),
        ("line", |text| text.split_whitespace().collect::<Vec<_>>().join(" ")),
        ("pascal", naming::pascal),
        ("camel", naming::camel),
    ];
    for (name, quote) in texts {
        environment.add_filter(name, move |value: Value| match value.as_str() {
            Some(text) => Ok(Value::from(Code::new(quote(text)))),
            None if value.is_undefined() => Err(ErrorKind::UndefinedError.into()),
            None => Err(Error::new(
                ErrorKind::InvalidOperation,
                format!(
                    "`{name}` quotes a text, not a {}: say `json`, or test it first",
                    value.kind()
                ),
            )),
        });
    }
    environment.add_filter("json", |value: Value| {
        if value.is_undefined() {
            return Err(ErrorKind::UndefinedError.into());
        }
        let text = serde_json::to_string(&value)
            .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))?;
        Ok::<Value, Error>(Value::from(Code::new(text)))
    });
}
