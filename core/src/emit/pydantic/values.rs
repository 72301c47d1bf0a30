//! Values as annotations.
//!
//! In: what a value is, and what rules bind it. Out: the annotation of a field that takes exactly the
//! values that PostgreSQL takes, as JSON over PostgREST or as Python's drivers give them.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::checks::Checks;
use super::support::Support;
use crate::emit::Shapes;
use crate::emit::lang::{Laid, Py, python, regex};
use crate::emit::shapes::{
    Bases, Field, IntWidth, ItemId, Operands, Reason, Scalar, Value, ValueKind, Zone,
};
use crate::predicate::{Bound, Constant, Decimal, Polarity, Predicate, Rules};
use crate::sql::BaseType;

/// What the page needs at the top of the module.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Declarations of ours.
    pub(super) supports: BTreeSet<Support>,
    /// Modules, and names in them; no name for the module itself.
    pub(super) imports: BTreeSet<(&'static str, &'static str)>,
}

impl Needs {
    /// A declaration, with all that it needs.
    pub(super) fn support(&mut self, support: Support) {
        support.add(&mut self.supports, &mut self.imports);
    }

    /// `from module import name`, or `import module`.
    pub(super) fn import(&mut self, module: &'static str, name: &'static str) {
        self.imports.insert((module, name));
    }
}

/// Makes annotations, and notes what they need.
#[derive(Debug)]
pub(super) struct Values<'a> {
    pub(super) needs: Needs,
    /// Checks that cannot be decided in Python, since they were last taken.
    pub(super) missed: Vec<(usize, Reason)>,
    /// The class names of the module.
    pub(super) names: FxHashMap<ItemId, String>,
    pub(super) bases: Bases<'a>,
    /// Whether numbers may be `NaN` or infinite.
    non_finite: bool,
    /// The annotations of fields without closures, which may be beyond us.
    laid: FxHashMap<(&'a Value, &'a Rules), Rc<Laid>>,
}

impl<'a> Values<'a> {
    /// Annotations of these shapes, whose items have these names.
    pub(super) fn new(
        shapes: &'a Shapes,
        names: FxHashMap<ItemId, String>,
        non_finite: bool,
    ) -> Self {
        let bases = Bases::new(shapes);
        Self {
            needs: Needs::default(),
            missed: Vec::new(),
            names,
            bases,
            non_finite,
            laid: FxHashMap::default(),
        }
    }

    /// The annotation of a field that is not null, laid out.
    pub(super) fn laid(&mut self, field: &'a Field) -> Rc<Laid> {
        let (value, rules) = (&field.value, field.rules());
        if let Some(known) = self.laid.get(&(value, rules)) {
            return Rc::clone(known);
        }
        let laid = Rc::new(Laid::new(self.value(value, rules)));
        if rules.rest.is_empty() {
            self.laid.insert((value, rules), Rc::clone(&laid));
        }
        laid
    }

    /// The annotation of a value that is not null.
    pub(super) fn value(&mut self, value: &Value, rules: &Rules) -> Py {
        let (base, mut metadata) = if value.dimensions == 0 {
            self.element(&value.kind, rules)
        } else {
            let (element, metadata) = self.element(&value.kind, &Rules::NONE);
            let mut list = self.annotated(element, metadata).or_none();
            for _ in 0..value.dimensions {
                list = Py::subscript("list", vec![list]);
            }
            (list, self.elements(value, rules))
        };
        for rule in &rules.rest {
            match self.closure(&rule.predicate, value) {
                Ok(test) => {
                    let message = format!("must satisfy {}", rule.one_line());
                    metadata.push(self.check(test, &message));
                }
                Err(reason) => self.missed.push((rule.check, reason)),
            }
        }
        self.annotated(base, metadata)
    }

    /// `Annotated[base, …]`, or the base where nothing is added.
    pub(super) fn annotated(&mut self, base: Py, metadata: Vec<Py>) -> Py {
        if metadata.is_empty() {
            return base;
        }
        self.needs.import("typing", "Annotated");
        let mut items = match base {
            Py::List(head, _, items) if head == "Annotated" => items,
            base => vec![base],
        };
        items.extend(metadata);
        Py::subscript("Annotated", items)
    }

    fn field(&mut self, args: Vec<Py>) -> Option<Py> {
        if args.is_empty() {
            return None;
        }
        self.needs.import("pydantic", "Field");
        Some(Py::call("Field", args))
    }

    fn check(&mut self, test: Py, message: &str) -> Py {
        self.needs.support(Support::Check);
        Py::call("_check", vec![test, Py::atom(python::string(message))])
    }

    /// The counts of an array.
    fn elements(&mut self, value: &Value, rules: &Rules) -> Vec<Py> {
        let bounds =
            [("min_length", ">=", rules.min_elements), ("max_length", "<=", rules.max_elements)];
        let given = bounds.into_iter().filter_map(|(name, op, count)| Some((name, op, count?)));
        if value.dimensions == 1 {
            let args = given.map(|(name, _, count)| Py::named(name, Py::atom(count.to_string())));
            let args = args.collect();
            return self.field(args).into_iter().collect();
        }
        // PostgreSQL counts the elements of all dimensions.
        given
            .map(|(_, op, count)| {
                self.needs.support(Support::Count);
                let counted = Py::call("_count", vec![Py::atom("value")]);
                let test = Py::compare(counted, op, Py::atom(count.to_string()));
                let test = Py::Lambda(Box::new(test));
                self.check(test, &format!("must have {op} {count} elements"))
            })
            .collect()
    }

    /// A closure that decides on a predicate of one field.
    fn closure(&mut self, predicate: &Predicate, value: &Value) -> Result<Py, Reason> {
        let operands = Operands::value(self.bases.of(value));
        let mut checks = Checks { operands, non_finite: self.non_finite, needs: &mut self.needs };
        Ok(Py::Lambda(Box::new(checks.passes(predicate)?)))
    }

    fn element(&mut self, kind: &ValueKind, rules: &Rules) -> (Py, Vec<Py>) {
        if let Some(values) = &rules.one_of {
            return self.one_of(kind, values);
        }
        let id = match kind {
            ValueKind::Scalar(scalar) => return self.scalar(*scalar, rules),
            ValueKind::Opaque(_) => {
                self.needs.import("typing", "Any");
                return (Py::atom("Any"), Vec::new());
            }
            ValueKind::Enum(id) => ItemId::Enum(*id),
            ValueKind::Domain(id) => ItemId::Domain(*id),
            ValueKind::Composite(id) => ItemId::Composite(*id),
            ValueKind::Row(id) => ItemId::Relation(*id),
        };
        (Py::atom(self.names.get(&id).cloned().unwrap_or_default()), Vec::new())
    }

    /// One of some constants: those themselves where they are stored as they are given, else a test of
    /// what is stored.
    fn one_of(&mut self, kind: &ValueKind, values: &[Constant]) -> (Py, Vec<Py>) {
        let texts: Option<Vec<Py>> = values
            .iter()
            .map(|value| match value {
                Constant::Text(label) => Some(Py::atom(python::string(label))),
                // To pydantic, true is a 1.
                Constant::Number(_) | Constant::Bool(_) => None,
            })
            .collect();
        if let (ValueKind::Scalar(Scalar::Text(None)), Some(texts)) = (kind, texts)
            && !texts.is_empty()
        {
            self.needs.import("typing", "Literal");
            return (Py::subscript("Literal", texts), Vec::new());
        }
        // None of the constants is `NaN` or infinite.
        let non_finite = std::mem::take(&mut self.non_finite);
        let (base, mut metadata) = self.element(kind, &Rules::NONE);
        let predicate = Predicate::OneOf(0, values.to_vec(), Polarity::Is);
        let value = Value { kind: kind.clone(), dimensions: 0 };
        if let Ok(test) = self.closure(&predicate, &value) {
            metadata.push(self.check(test, "must be one of the allowed values"));
        }
        self.non_finite = non_finite;
        (base, metadata)
    }

    fn scalar(&mut self, scalar: Scalar, rules: &Rules) -> (Py, Vec<Py>) {
        let plain = |base: &'static str| (Py::atom(base), Vec::new());
        match scalar {
            Scalar::Integer(width) => (self.integer(width, rules), Vec::new()),
            Scalar::Numeric(modifier) => {
                let mut metadata = Vec::new();
                if let Some((precision, scale)) = modifier {
                    self.needs.support(Support::Rounds);
                    let args = [precision.to_string(), scale.to_string()].map(Py::atom);
                    metadata.push(Py::call("_rounds", args.to_vec()));
                }
                let bounds = bounds(rules, |number| {
                    if number.scale() == 0 {
                        return number.to_string();
                    }
                    self.needs.import("decimal", "Decimal");
                    format!("Decimal(\"{number}\")")
                });
                metadata.extend(self.field(bounds));
                metadata.extend(self.or_non_finite(scalar, "Decimal", rules));
                (self.shared(Support::Numeric, "_Numeric"), metadata)
            }
            Scalar::Real => {
                let metadata = self.or_non_finite(scalar, "float", rules).into_iter().collect();
                (self.shared(Support::Real, "_Real"), metadata)
            }
            Scalar::Double => {
                let bounds = bounds(rules, |number| number.to_string());
                let mut metadata: Vec<Py> = self.field(bounds).into_iter().collect();
                metadata.extend(self.or_non_finite(scalar, "float", rules));
                (self.shared(Support::Float, "_Float"), metadata)
            }
            Scalar::Text(limit) => self.text(limit, rules),
            Scalar::Padded(limit) => self.text(Some(limit), rules),
            Scalar::Citext => self.text(None, rules),
            Scalar::Boolean => {
                self.needs.import("pydantic", "StrictBool");
                plain("StrictBool")
            }
            Scalar::Date => (self.shared(Support::Date, "_Date"), Vec::new()),
            Scalar::Time(Zone::Without) => (self.shared(Support::Time, "_Time"), Vec::new()),
            Scalar::Time(Zone::With) => (self.shared(Support::TimeTz, "_Timetz"), Vec::new()),
            Scalar::Timestamp(Zone::Without) => {
                (self.shared(Support::Timestamp, "_Timestamp"), Vec::new())
            }
            Scalar::Timestamp(Zone::With) => {
                (self.shared(Support::TimestampTz, "_Timestamptz"), Vec::new())
            }
            Scalar::Interval => {
                self.needs.import("datetime as dt", "");
                let text = self.shared(Support::Text, "_Text");
                (Py::Operation("|", vec![Py::atom("dt.timedelta"), text]), Vec::new())
            }
            Scalar::Uuid => (self.shared(Support::Uuid, "_Uuid"), Vec::new()),
            Scalar::Json | Scalar::Jsonb => (self.shared(Support::Json, "_Json"), Vec::new()),
            Scalar::Bytes => (self.shared(Support::Bytes, "_Bytes"), Vec::new()),
            Scalar::Bits(length) => self.pattern(&format!(r"^[01]{{{length}}}\Z")),
            Scalar::VaryingBits(Some(length)) => self.pattern(&format!(r"^[01]{{0,{length}}}\Z")),
            Scalar::VaryingBits(None) => self.pattern(r"^[01]*\Z"),
            Scalar::Vector(dimensions) => {
                let count = |name| dimensions.map(|it| Py::named(name, Py::atom(it.to_string())));
                let args: Vec<Py> =
                    count("min_length").into_iter().chain(count("max_length")).collect();
                let metadata = self.field(args).into_iter().collect();
                (self.shared(Support::Vector, "_Vector"), metadata)
            }
            Scalar::Hstore => {
                let text = self.shared(Support::Text, "_Text");
                let dict = Py::subscript("dict", vec![Py::atom("str"), Py::atom("str").or_none()]);
                (Py::Operation("|", vec![dict, text]), Vec::new())
            }
            Scalar::Spatial(_) | Scalar::Any => {
                self.needs.import("typing", "Any");
                plain("Any")
            }
            Scalar::Textual(BaseType::Oid) => {
                let text = self.shared(Support::Text, "_Text");
                (Py::Operation("|", vec![Py::atom("int"), text]), Vec::new())
            }
            Scalar::Textual(_) => (self.shared(Support::Textual, "_Textual"), Vec::new()),
            Scalar::Void => plain("None"),
        }
    }

    /// Lets `NaN` and infinity through too, where PostgreSQL and the options do.
    fn or_non_finite(&mut self, scalar: Scalar, class: &'static str, rules: &Rules) -> Option<Py> {
        let names = scalar.non_finite(rules);
        if !self.non_finite || names.is_empty() {
            return None;
        }
        self.needs.support(Support::Or);
        let names = names.iter().map(|name| Py::atom(python::string(name)));
        Some(Py::call("_or", std::iter::once(Py::atom(class)).chain(names).collect()))
    }

    fn shared(&mut self, support: Support, name: &'static str) -> Py {
        self.needs.support(support);
        Py::atom(name)
    }

    fn pattern(&mut self, pattern: &str) -> (Py, Vec<Py>) {
        self.needs.support(Support::Matches);
        let pattern = Py::atom(python::raw_string(pattern));
        (Py::atom("str"), vec![Py::call("_matches", vec![pattern])])
    }

    fn text(&mut self, limit: Option<u32>, rules: &Rules) -> (Py, Vec<Py>) {
        let mut metadata = Vec::new();
        let max = rules.max_characters;
        // What is stored is cut first, and then checked.
        if let Some(limit) = limit {
            self.needs.support(Support::Fits);
            metadata.push(Py::call("_fits", vec![Py::atom(limit.to_string())]));
        }
        let min = rules.min_characters.filter(|min| *min > 0);
        let bounds = [("min_length", min), ("max_length", max)];
        let args = bounds
            .into_iter()
            .filter_map(|(name, count)| Some(Py::named(name, Py::atom(count?.to_string()))));
        metadata.extend(self.field(args.collect()));
        for pattern in &rules.patterns {
            self.needs.support(Support::Matches);
            metadata.push(Py::call("_matches", vec![Py::atom(regex::python(pattern))]));
        }
        (self.shared(Support::Text, "_Text"), metadata)
    }

    fn integer(&mut self, width: IntWidth, rules: &Rules) -> Py {
        let (least, greatest) = width.range();
        let (least, greatest) = (i128::from(least), i128::from(greatest));
        let lower = rules.lower.map_or(least, Bound::least_whole).max(least);
        let upper = rules.upper.map_or(greatest, Bound::greatest_whole).min(greatest);
        if lower == least && upper == greatest {
            return match width {
                IntWidth::Small => self.shared(Support::Smallint, "_Smallint"),
                IntWidth::Normal => self.shared(Support::Integer, "_Integer"),
                IntWidth::Big => self.shared(Support::Bigint, "_Bigint"),
            };
        }
        let args = vec![
            Py::named("strict", Py::atom("True")),
            Py::named("ge", Py::atom(lower.to_string())),
            Py::named("le", Py::atom(upper.to_string())),
        ];
        let field = self.field(args).into_iter().collect();
        self.annotated(Py::atom("int"), field)
    }
}

/// Bounds of a number that is not whole.
fn bounds(rules: &Rules, mut shown: impl FnMut(Decimal) -> String) -> Vec<Py> {
    let mut args = Vec::new();
    if let Some(Bound { value, inclusive }) = rules.lower {
        args.push(Py::named(if inclusive { "ge" } else { "gt" }, Py::atom(shown(value))));
    }
    if let Some(Bound { value, inclusive }) = rules.upper {
        args.push(Py::named(if inclusive { "le" } else { "lt" }, Py::atom(shown(value))));
    }
    args
}
