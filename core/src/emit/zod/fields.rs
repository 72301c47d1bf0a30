//! Objects of fields, one line or more for each.
//!
//! In: fields and what their object is for. Out: the code of `z.object({…})`, whose lines know their
//! columns. What the three objects of a table share of a field is written once.

use std::rc::Rc;

use smol_str::SmolStr;

use super::context::Page;
use super::dialect::{Absence, Laid, z};
use super::values::Direction;
use super::{Case, Settings, UnknownKeys, Version};
use crate::emit::lang::{Call, Expr, layout, typescript};
use crate::emit::shapes::{Field, Presence, Purpose, naming};
use crate::emit::template::Marked;
use crate::schema::FieldOverride;

/// A field, or one that only its validator by hand knows.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The field of the shapes.
    pub(super) field: Option<&'a Field>,
    /// Its name as a key.
    pub(super) key: SmolStr,
    by_hand: Option<&'a FieldOverride>,
    /// Its validator in the direction that was asked for last.
    laid: Option<(Direction, Rc<Laid>)>,
}

impl<'a> Page<'a> {
    /// The lines of an object: its fields, and what only `overrides` has.
    pub(super) fn lines(
        &self,
        fields: &'a [Field],
        overrides: &'a [FieldOverride],
    ) -> Vec<Line<'a>> {
        let line = |name: &str, field, by_hand| {
            let key = match self.settings.case {
                Case::Column => typescript::key(name),
                Case::Camel => typescript::key(&naming::camel(name)),
            };
            Line { field, key, by_hand, laid: None }
        };
        let mut lines: Vec<Line<'a>> = Vec::with_capacity(fields.len());
        for field in fields {
            let by_hand = overrides.iter().find(|it| it.field == field.column.as_str());
            lines.push(line(field.name(), Some(field), by_hand));
        }
        for extra in overrides {
            if !fields.iter().any(|field| field.column == extra.field.as_str()) {
                lines.push(line(extra.field.as_str(), None, Some(extra)));
            }
        }
        lines
    }

    /// What makes an object, and the calls behind it.
    fn object_calls(&self) -> (&'static str, Vec<Call>) {
        match (self.settings.version, self.settings.unknown_keys) {
            (_, UnknownKeys::Strip) => ("object", Vec::new()),
            (_, UnknownKeys::Strict) => ("strictObject", Vec::new()),
            (Version::Four | Version::Mini, UnknownKeys::Loose) => ("looseObject", Vec::new()),
            (Version::Three, UnknownKeys::Loose) => {
                ("object", vec![Call::new("passthrough", Vec::new())])
            }
        }
    }

    /// An object, where none of these lines has a place for the purpose.
    pub(super) fn bare_object(&self, lines: &[Line<'_>], purpose: Purpose) -> Option<Expr> {
        let has_place = |line: &Line<'_>| {
            line.field.is_none_or(|field| purpose.presence(field) != Presence::Never)
        };
        if lines.iter().any(has_place) {
            return None;
        }
        let (name, calls) = self.object_calls();
        let own = Call::new(name, vec![Expr::Verbatim("{}".to_owned())]);
        Some(Expr::Chain("z".into(), std::iter::once(own).chain(calls).collect()))
    }

    /// An object behind `indent` spaces, with refinements.
    pub(super) fn object(
        &mut self,
        out: &mut Marked,
        lines: &mut [Line<'a>],
        purpose: Purpose,
        refinements: Vec<Vec<Expr>>,
        indent: usize,
    ) {
        let version = self.settings.version;
        let (name, mut calls) = self.object_calls();
        if version == Version::Mini {
            let checks: Vec<Expr> = refinements.into_iter().map(|args| z("refine", args)).collect();
            if !checks.is_empty() {
                calls.push(Call::new("check", checks));
            }
        } else {
            calls.extend(refinements.into_iter().map(|args| Call::new("refine", args)));
        }
        // An object with calls behind it is a chain, which prettier breaks at each call.
        let outer = indent;
        let is_flat = calls.is_empty() || lines.is_empty();
        let indent = if is_flat { indent } else { indent + 2 };
        out.write(|text| {
            text.push('z');
            if !is_flat {
                layout::new_line(text, indent);
            }
            for part in [".", name, "({"] {
                text.push_str(part);
            }
        });
        let mut is_empty = true;
        for line in lines {
            let Some((laid, absence)) = self.validator(line, purpose) else { continue };
            if is_empty {
                out.write(|text| text.push('\n'));
            }
            is_empty = false;
            let indent = indent + 2;
            match line.field {
                Some(field) => {
                    let doc = match purpose {
                        Purpose::Row | Purpose::Args => self.doc(
                            field.comment.as_deref(),
                            field.deprecated.as_deref(),
                            &[],
                            indent,
                        ),
                        Purpose::Insert | Purpose::Update => {
                            self.doc(None, field.deprecated.as_deref(), &[], indent)
                        }
                    };
                    out.write_for(field.object, |text| {
                        text.push_str(&doc);
                        laid.write_entry(text, version, &line.key, absence, indent);
                    });
                }
                None => out.write(|text| {
                    laid.write_entry(text, version, &line.key, absence, indent);
                }),
            }
        }
        out.write(|text| {
            if !is_empty {
                layout::push_spaces(text, indent);
            }
            text.push_str("})");
            for call in &calls {
                if is_flat {
                    call.write_beside(text);
                } else {
                    call.write_on_own_line(text, outer + 2);
                }
            }
        });
    }

    /// The validator of a field, or `None` where the purpose has no place for it.
    fn validator(&mut self, line: &mut Line<'a>, purpose: Purpose) -> Option<(Rc<Laid>, Absence)> {
        let version = self.settings.version;
        let own = line.by_hand.map(|it| Expr::Verbatim(it.code.to_string()));
        let (nullable, optional) =
            line.by_hand.map_or((None, None), |it| (it.nullable, it.optional));
        let Some(field) = line.field else {
            let absence = Absence {
                null: nullable.unwrap_or_default(),
                nothing: optional.unwrap_or(purpose == Purpose::Update),
            };
            return Some((Rc::new(Laid::new(own?, version)), absence));
        };
        let presence = purpose.presence(field);
        if presence == Presence::Never {
            return None;
        }
        let direction = match purpose {
            Purpose::Row => Direction::Read,
            _ if field.nullable => Direction::Write,
            Purpose::Insert | Purpose::Update | Purpose::Args => Direction::WriteNotNull,
        };
        let carried = line.by_hand.is_none_or(|it| it.extend);
        let direction = direction.of(&field.value.kind);
        let carried = carried.then(|| match &line.laid {
            Some((known, laid)) if *known == direction => Rc::clone(laid),
            _ => {
                let laid = self.values.laid(field, direction);
                line.laid = Some((direction, Rc::clone(&laid)));
                laid
            }
        });
        let laid = match (carried, own) {
            (Some(carried), None) => carried,
            (None, None) => return None,
            (None, Some(own)) => Rc::new(Laid::new(own, version)),
            (Some(carried), Some(own)) => {
                Rc::new(Laid::new(version.pipe(carried.expr().clone(), own), version))
            }
        };
        let absence = Absence {
            null: nullable.unwrap_or(field.nullable),
            nothing: match purpose {
                Purpose::Row => optional.unwrap_or(false),
                Purpose::Insert | Purpose::Args => {
                    optional.unwrap_or(presence == Presence::Optional)
                }
                Purpose::Update => true,
            },
        };
        Some((laid, absence))
    }
}

impl Settings {
    /// A field's name in code.
    pub(super) fn field_name(self, name: &SmolStr) -> SmolStr {
        match self.case {
            Case::Column => name.clone(),
            Case::Camel => naming::camel(name).into(),
        }
    }
}
