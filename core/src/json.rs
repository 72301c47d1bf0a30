//! JSON objects, compiled once.
//!
//! In: names and values. Out: a JSON value. `serde_json::json!` writes out the insertion of each key
//! where it stands, in several times the WebAssembly. Never decides what an object says.

use serde_json::Value;

/// An object, written as in JSON; what stands in it is all that a `Value` can be made from.
macro_rules! object {
    ($($name:literal: $value:expr),* $(,)?) => {
        $crate::json::of(vec![$(($name, ::serde_json::Value::from($value))),*])
    };
}
pub(crate) use object;

/// An object of these fields, in their order.
pub(crate) fn of(fields: Vec<(&str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
