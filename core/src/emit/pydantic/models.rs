//! Classes of fields, one line or more for each.
//!
//! In: fields and what their class is for. Out: the class, whose lines know their columns. What the
//! three classes of a table share of a field is an annotated type that stands before them.

use std::collections::BTreeSet;
use std::rc::Rc;

use smol_str::{SmolStr, format_smolstr};

use super::checks::Checks;
use super::context::Page;
use super::support::Support;
use super::values::Values;
use crate::emit::lang::layout::width;
use crate::emit::lang::python_layout::WIDTH;
use crate::emit::lang::{Laid, Py, python};
use crate::emit::shapes::{
    Entity, Field, Operands, Presence, Purpose, Scalar, Value, ValueKind, naming, said,
};
use crate::emit::template::Marked;
use crate::schema::FieldOverride;

/// A field, or one that only its validator by hand knows.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The field of the shapes.
    pub(super) field: Option<&'a Field>,
    /// Its name as an attribute.
    pub(super) name: SmolStr,
    /// Its name in SQL.
    column: &'a str,
    by_hand: Option<&'a FieldOverride>,
    /// Its values that are not null.
    annotation: Rc<Laid>,
}

/// A field as one of the classes has it.
struct Member<'l> {
    line: &'l Line<'l>,
    around: Around,
    /// Whether it may be left out.
    is_omittable: bool,
    /// What is said of it besides.
    args: Vec<Py>,
}

/// What stands around the annotation of values that are not null.
#[derive(Debug, Clone, Copy)]
enum Around {
    Nothing,
    /// `… | None`.
    OrNone,
    /// `_Omittable[…]`.
    Omittable,
    /// `_Present[…]`.
    Present,
}

impl Around {
    const fn parts(self) -> [&'static str; 2] {
        match self {
            Self::Nothing => ["", ""],
            Self::OrNone => ["", " | None"],
            Self::Omittable => ["_Omittable[", "]"],
            Self::Present => ["_Present[", "]"],
        }
    }

    fn annotation(self, inner: Py) -> Py {
        match self {
            Self::Nothing => inner,
            Self::OrNone => inner.or_none(),
            Self::Omittable => Py::subscript("_Omittable", vec![inner]),
            Self::Present => Py::subscript("_Present", vec![inner]),
        }
    }
}

impl Member<'_> {
    fn write(self, out: &mut String) {
        let Line { name, annotation, .. } = self.line;
        if self.args.is_empty() {
            let [before, after] = self.around.parts();
            let default = if self.is_omittable { " = None" } else { "" };
            let start = out.len();
            out.extend(["    ", name, ": ", before, &annotation.flat, after, default]);
            if out.get(start..).map_or(0, width) <= WIDTH {
                return out.push('\n');
            }
            out.truncate(start);
        }
        let annotation = self.around.annotation(annotation.value().clone());
        let default = self.is_omittable.then(|| Py::atom("None"));
        let value = if self.args.is_empty() {
            default
        } else {
            let default = default.map(|default| Py::named("default", default));
            Some(Py::call("Field", default.into_iter().chain(self.args).collect()))
        };
        annotation.write_field(out, 4, name, value.as_ref());
    }
}

impl<'a> Page<'a> {
    /// The lines of a class, and the types that stand before it: those of `fields`, and what only
    /// `overrides` has.
    pub(super) fn lines(
        &mut self,
        class: &str,
        fields: &'a [Field],
        overrides: &'a [FieldOverride],
    ) -> (Vec<Line<'a>>, String) {
        let mut lines = Vec::with_capacity(fields.len());
        let mut types = String::new();
        let mut taken = BTreeSet::new();
        for field in fields {
            let by_hand = overrides.iter().find(|it| it.field == field.column.as_str());
            let carried = match by_hand {
                Some(it) if !it.extend => None,
                _ => Some(self.values.laid(field)),
            };
            let own = by_hand.map(|it| Py::atom(self.code(&it.code)));
            let annotation = match (carried, own) {
                (Some(carried), None) => carried,
                (None, own) => Rc::new(Laid::new(own.unwrap_or_else(|| Py::atom("")))),
                (Some(carried), Some(own)) => {
                    let both = self.values.annotated(carried.value().clone(), vec![own]);
                    Rc::new(Laid::new(both))
                }
            };
            let is_long = matches!(annotation.value(), Py::List(head, ..) if head == "Annotated");
            let annotation = if is_long {
                let base = SmolStr::from(["_", class, &naming::pascal(field.name())].concat());
                let mut name = base.clone();
                let mut number = 1;
                while !taken.insert(name.clone()) {
                    number += 1;
                    name = format_smolstr!("{base}{number}");
                }
                annotation.write_assignment(&mut types, &name);
                Rc::new(Laid::new(Py::Atom(name)))
            } else {
                annotation
            };
            let name = self.attributes.of(field.name());
            let column = field.column.as_str();
            lines.push(Line { field: Some(field), name, column, by_hand, annotation });
        }
        for extra in overrides {
            if !fields.iter().any(|field| field.column == extra.field.as_str()) {
                let name = self.attributes.of(&extra.field);
                let annotation = Rc::new(Laid::new(Py::atom(self.code(&extra.code))));
                let (column, by_hand) = (extra.field.as_str(), Some(extra));
                lines.push(Line { field: None, name, column, by_hand, annotation });
            }
        }
        (lines, types)
    }

    /// Writes a class.
    pub(super) fn class(
        &mut self,
        out: &mut Marked,
        name: &str,
        doc: &str,
        (lines, purpose): (&[Line<'_>], Purpose),
        validator: &str,
    ) {
        let is_first = out.is_empty();
        out.write(|text| {
            for part in [if is_first { "" } else { "\n\n" }, "class ", name, "(_Model):\n", doc] {
                text.push_str(part);
            }
        });
        let mut is_empty = doc.is_empty();
        let mut is_bare = true;
        for line in lines {
            let Some(member) = self.member(line, purpose) else { continue };
            let write = |text: &mut String| {
                if is_bare && !doc.is_empty() {
                    text.push('\n');
                }
                member.write(text);
            };
            match line.field {
                Some(field) => out.write_for(field.object, write),
                None => out.write(write),
            }
            (is_bare, is_empty) = (false, false);
        }
        if !validator.is_empty() {
            out.write(|text| {
                text.push('\n');
                text.push_str(validator);
            });
        } else if is_empty {
            out.write(|text| text.push_str("    pass\n"));
        }
    }

    /// A field, or `None` where the purpose has no place for it.
    fn member<'l>(&mut self, line: &'l Line<'l>, purpose: Purpose) -> Option<Member<'l>> {
        let (nullable, optional) =
            line.by_hand.map_or((None, None), |it| (it.nullable, it.optional));
        let presence = line.field.map_or(Presence::Required, |field| purpose.presence(field));
        if presence == Presence::Never {
            return None;
        }
        let nullable = nullable.unwrap_or_else(|| line.field.is_some_and(|field| field.nullable));
        let omittable = match purpose {
            Purpose::Row => optional.unwrap_or(false),
            Purpose::Insert | Purpose::Args => optional.unwrap_or(presence == Presence::Optional),
            Purpose::Update => true,
        };
        let around = match (nullable, omittable) {
            (true, _) => Around::OrNone,
            (false, true) => {
                self.values.needs.support(Support::Omittable);
                Around::Omittable
            }
            (false, false) if purpose != Purpose::Row && takes_none(line.field) => {
                self.values.needs.support(Support::Present);
                Around::Present
            }
            (false, false) => Around::Nothing,
        };
        let mut args = Vec::new();
        if line.name != line.column {
            self.values.needs.import("pydantic", "AliasChoices");
            let names = [&*line.name, line.column].map(Py::string);
            args.push(Py::named("validation_alias", Py::call("AliasChoices", names.to_vec())));
            args.push(Py::named("serialization_alias", Py::string(line.column)));
        }
        if let Some(field) = line.field {
            let comment = field.comment.as_deref().filter(|_| self.settings.comments);
            if let Some(comment) = comment {
                let text = comment.split_whitespace().collect::<Vec<_>>().join(" ");
                args.push(Py::named("description", Py::string(text)));
            }
            if let Some(deprecated) = &field.deprecated {
                let text = if deprecated.is_empty() {
                    SmolStr::new_static("True")
                } else {
                    python::string(deprecated)
                };
                args.push(Py::named("deprecated", Py::atom(text)));
            }
        }
        if !args.is_empty() {
            self.values.needs.import("pydantic", "Field");
        }
        Some(Member { line, around, is_omittable: omittable, args })
    }

    /// The validator of the rules between fields that `purpose` can decide; empty without any.
    pub(super) fn validator(
        &mut self,
        it: &Entity,
        purpose: Purpose,
        overrides: &[FieldOverride],
    ) -> String {
        let Values { bases, needs, missed, .. } = &mut self.values;
        let name = |field: &Field| self.attributes.of(field.name());
        let operands = Operands::object(it, purpose, overrides, bases, name);
        let mut checks = Checks { operands, non_finite: self.settings.non_finite, needs };
        let mut body = String::new();
        said(&it.rules, missed, |rule| {
            let test = checks.passes(&rule.predicate)?;
            let message = python::string(&format!("must satisfy {}", rule.one_line()));
            Py::call("_require", vec![test, Py::atom(message)]).write_statement(&mut body, 8);
            Ok(())
        });
        if body.is_empty() {
            return body;
        }
        self.values.needs.support(Support::Require);
        self.values.needs.import("pydantic", "model_validator");
        self.values.needs.import("typing", "Self");
        format!(
            "    @model_validator(mode=\"after\")\n    def _check_row(self) -> Self:\n{body}        return self\n"
        )
    }

    /// Code by hand on one line, with what it needs imported.
    fn code(&mut self, code: &str) -> String {
        for word in code.split(|c: char| !c.is_alphanumeric() && c != '_') {
            let known = IMPORTS.iter().find(|(_, names)| names.split(' ').any(|it| it == word));
            let name = known.and_then(|(module, names)| {
                Some((*module, names.split(' ').find(|it| *it == word)?))
            });
            if let Some((module, name)) = name {
                self.values.needs.import(module, name);
            }
        }
        code.lines().map(str::trim).collect::<Vec<_>>().join(" ")
    }
}

/// Names that validators by hand may use.
const IMPORTS: &[(&str, &str)] = &[
    ("datetime", "date datetime time timedelta"),
    ("decimal", "Decimal"),
    (
        "pydantic",
        "AfterValidator AnyHttpUrl AnyUrl AwareDatetime BeforeValidator ByteSize EmailStr Field \
         FilePath FutureDate FutureDatetime HttpUrl IPvAnyAddress IPvAnyInterface IPvAnyNetwork \
         Json JsonValue NaiveDatetime NameEmail NegativeInt NonNegativeFloat NonNegativeInt \
         PastDate PastDatetime PositiveFloat PositiveInt SecretStr StrictBool StrictFloat StrictInt \
         StrictStr StringConstraints UUID1 UUID3 UUID4 UUID5 conint conlist constr condecimal \
         confloat",
    ),
    ("typing", "Annotated Any Literal Optional Union"),
    ("uuid", "UUID"),
];

/// Whether `None` is among the values that an annotation takes although the field is not null.
fn takes_none(field: Option<&Field>) -> bool {
    let value: Option<&Value> = field.map(|field| &field.value);
    value.is_some_and(|value| {
        value.dimensions == 0
            && matches!(
                value.kind,
                ValueKind::Opaque(_)
                    | ValueKind::Domain(_)
                    | ValueKind::Scalar(
                        Scalar::Json | Scalar::Jsonb | Scalar::Any | Scalar::Spatial(_)
                    )
            )
    })
}
