//! What YAML 1.2's core schema takes a scalar for.
//!
//! In: decoded text and tags. Out: a [`ScalarKind`]. The rules are those of the specification,
//! section 10.3.2; the words of YAML 1.1 (`yes`, `off`, `0777`) are plain strings and numbers here.

use saphyr_parser::Tag;

use super::ScalarKind;

/// The kind of a plain scalar.
pub(crate) fn plain_kind(text: &str) -> ScalarKind {
    let Some(first) = text.bytes().next() else { return ScalarKind::Null };
    match first {
        b'~' if text.len() == 1 => ScalarKind::Null,
        b'n' | b'N' if matches!(text, "null" | "Null" | "NULL") => ScalarKind::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => ScalarKind::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => ScalarKind::Bool(false),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number_kind(text),
        _ => ScalarKind::Str,
    }
}

fn number_kind(text: &str) -> ScalarKind {
    let all = |digits: &str, test: fn(u8) -> bool| !digits.is_empty() && digits.bytes().all(test);
    if let Some(octal) = text.strip_prefix("0o") {
        return if all(octal, |b| matches!(b, b'0'..=b'7')) {
            ScalarKind::Int
        } else {
            ScalarKind::Str
        };
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return if all(hex, |b| b.is_ascii_hexdigit()) { ScalarKind::Int } else { ScalarKind::Str };
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return ScalarKind::Float;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return ScalarKind::Float;
    }
    if all(unsigned, |b| b.is_ascii_digit()) {
        return ScalarKind::Int;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        all(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), |b| b.is_ascii_digit())
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.len() + fraction.len() > 0
        && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    if exponent_fits && digits { ScalarKind::Float } else { ScalarKind::Str }
}

/// What a tag asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CoreTag {
    Str,
    Int,
    Float,
    Bool,
    Null,
    Seq,
    Map,
}

impl CoreTag {
    /// The tag, or `None` where it is not of the core schema.
    pub(super) fn of(tag: &Tag) -> Option<Self> {
        let name = match tag.handle.as_str() {
            "tag:yaml.org,2002:" => tag.suffix.as_str(),
            "" if tag.suffix == "!" => "str",
            "" | "!" => tag.suffix.strip_prefix("tag:yaml.org,2002:")?,
            _ => return None,
        };
        Some(match name {
            "str" => Self::Str,
            "int" => Self::Int,
            "float" => Self::Float,
            "bool" => Self::Bool,
            "null" => Self::Null,
            "seq" => Self::Seq,
            "map" => Self::Map,
            _ => return None,
        })
    }

    /// The kind that a scalar of this tag and `text` has; `None` where the text does not fit.
    pub(super) fn scalar(self, text: &str) -> Option<ScalarKind> {
        let kind = plain_kind(text);
        match (self, kind) {
            (Self::Str, _) => Some(ScalarKind::Str),
            (Self::Int, ScalarKind::Int)
            | (Self::Float, ScalarKind::Float)
            | (Self::Bool, ScalarKind::Bool(_))
            | (Self::Null, ScalarKind::Null) => Some(kind),
            (Self::Float, ScalarKind::Int) => Some(ScalarKind::Float),
            (Self::Int | Self::Float | Self::Bool | Self::Null | Self::Seq | Self::Map, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        use ScalarKind::{Bool, Float, Int, Null, Str};
        let cases = [
            ("", Null),
            ("~", Null),
            ("NULL", Null),
            ("nUll", Str),
            ("True", Bool(true)),
            ("FALSE", Bool(false)),
            ("yes", Str),
            ("off", Str),
            ("0", Int),
            ("-12", Int),
            ("+7", Int),
            ("0777", Int),
            ("0o17", Int),
            ("0o8", Str),
            ("0xFf", Int),
            ("0x", Str),
            ("1_000", Str),
            ("1.", Float),
            (".5", Float),
            ("-1.5e+3", Float),
            ("1e5", Float),
            ("1e", Str),
            (".", Str),
            ("-", Str),
            ("+.e3", Str),
            ("-.inf", Float),
            (".NaN", Float),
            ("-.nan", Str),
            ("1.2.3", Str),
            ("2024-01-01", Str),
            ("now()", Str),
        ];
        for (text, kind) in cases {
            assert_eq!(plain_kind(text), kind, "{text}");
        }
    }
}
