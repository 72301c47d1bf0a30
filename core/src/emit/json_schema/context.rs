//! The page's parts: what the template prints, as finished JSON.
//!
//! In: shapes. Out: definitions: of each enum, domain and composite type one, of each table a row, what
//! an insert and what an update gives, of each function what it takes and what it gives.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::Settings;
use super::checks;
use super::schema::Schema;
use super::values::Values;
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::Exports;
use crate::emit::lang::layout::push_spaces;
use crate::emit::lang::{Json, json};
use crate::emit::shapes::{
    CompositeShape, DomainShape, Entity, EnumShape, Field, FunctionResult, FunctionShape, Item,
    ItemId, NotCarried, Operands, Presence, Purpose, Reason, Shapes, Value, ValueKind, said,
};
use crate::emit::template::Marked;
use crate::predicate::Rules;
use crate::schema::{Literal, ObjectId};

/// A definition.
#[derive(Debug)]
pub(super) struct Definition {
    /// What it is called.
    pub(super) name: String,
    /// Whose it is; of no object where many share it.
    pub(super) object: Option<ObjectId>,
    /// Whether it is of a table, view or function.
    pub(super) is_model: bool,
    /// What it leaves to the database, as sentences.
    pub(super) not_checked: Option<String>,
    head: Vec<(SmolStr, Json)>,
    /// Of objects.
    properties: Option<Vec<Property>>,
    tail: Vec<(SmolStr, Json)>,
}

/// A property of an object.
#[derive(Debug, Clone)]
struct Property {
    /// Where it comes from.
    object: ObjectId,
    name: SmolStr,
    value: Rc<json::Laid>,
    /// Why a check of it cannot be said in words.
    wordless: Option<Reason>,
}

/// All that decides what is said of a field: its values and their rules, whether it may be null, what it is
/// for, whether the database computes it, its default where that is shown, its comment, and what it says of
/// being deprecated.
type Said<'a> =
    (&'a Value, &'a Rules, bool, Purpose, bool, Option<&'a Literal>, [Option<&'a str>; 2]);

/// The definitions of an item, after what they need.
pub(super) struct Definitions<'a> {
    pub(super) input: &'a EmitInput<'a>,
    pub(super) settings: Settings,
    pub(super) values: Values<'a>,
    pub(super) exports: Exports,
    /// What is said of fields that are alike, and why a check of them cannot be.
    laid: FxHashMap<Said<'a>, (Rc<json::Laid>, Option<Reason>)>,
    pub(super) sink: &'a mut Diagnostics,
}

impl<'a> Definitions<'a> {
    /// Makes definitions of these shapes.
    pub(super) fn new(
        input: &'a EmitInput<'a>,
        shapes: &'a Shapes,
        settings: Settings,
        sink: &'a mut Diagnostics,
    ) -> Self {
        let values = Values::new(shapes);
        let (exports, laid) = (Exports::default(), FxHashMap::default());
        Self { input, settings, values, exports, laid, sink }
    }

    /// The definitions of an item.
    pub(super) fn of(&mut self, item: &'a Item) -> Vec<Definition> {
        let definitions = match item {
            Item::Enum(it) => vec![self.enumeration(it)],
            Item::Domain(it) => vec![self.domain(it)],
            Item::Composite(it) => vec![self.composite(it)],
            Item::Entity(it) => self.entity(it),
        };
        self.exported(definitions)
    }

    /// What a function takes, and what it gives.
    pub(super) fn of_function(&mut self, it: &'a FunctionShape) -> Vec<Definition> {
        let object = ObjectId::Function(it.id);
        let mut args = self.simple(&format!("{}Args", it.name), object, it.comment.as_deref());
        self.fields(&mut args, &it.args, Purpose::Args);
        let mut result = self.simple(&format!("{}Result", it.name), object, None);
        let mut value = |value| self.values.value(value, &Rules::NONE, Purpose::Row);
        let list = |items: Schema| Schema::of_type("array").with("items", items.into_json());
        match &it.result {
            FunctionResult::Void => result.tail = Schema::of_type("null").0,
            FunctionResult::One(one) => result.tail = value(one).or_null().0,
            FunctionResult::Many(one) => {
                let is_row = matches!(one.kind, ValueKind::Row(_)) && one.dimensions == 0;
                let one = value(one);
                result.tail = list(if is_row { one } else { one.or_null() }).0;
            }
            FunctionResult::Record(fields) => self.fields(&mut result, fields, Purpose::Row),
            FunctionResult::Records(fields) => {
                let mut row = self.simple("", object, None);
                self.fields(&mut row, fields, Purpose::Row);
                result.tail = list(row.into_schema()).0;
            }
        }
        let models = [args, result].map(|it| Definition { is_model: true, ..it });
        self.exported(models.into())
    }

    /// Complains of names that something else has.
    fn exported(&mut self, definitions: Vec<Definition>) -> Vec<Definition> {
        for definition in &definitions {
            let name = [definition.name.as_str()];
            if let Some(object) = definition.object {
                self.exports.take(self.input, name, object, self.sink);
            }
        }
        definitions
    }

    fn simple(&self, name: &str, object: ObjectId, comment: Option<&str>) -> Definition {
        let description = comment.filter(|_| self.settings.comments);
        // Most get a type behind it.
        let mut head = Vec::with_capacity(2);
        head.extend(description.map(|text| ("description".into(), Json::text(text))));
        Definition {
            name: name.to_owned(),
            object: Some(object),
            is_model: false,
            not_checked: None,
            head,
            properties: None,
            tail: Vec::new(),
        }
    }

    fn enumeration(&self, it: &EnumShape) -> Definition {
        let mut definition = self.simple(&it.name, ObjectId::Enum(it.id), it.comment.as_deref());
        // No value is one of no labels: `enum` must hold some.
        let labels = if it.labels.is_empty() {
            Schema::nothing()
        } else {
            let labels = it.labels.iter().map(|label| Json::text(label)).collect();
            Schema::of_type("string").with("enum", Json::Array(labels))
        };
        definition.tail = labels.0;
        definition
    }

    fn domain(&mut self, it: &DomainShape) -> Definition {
        let mut definition = self.simple(&it.name, ObjectId::Domain(it.id), it.comment.as_deref());
        let schema = self.values.value(&it.base, &it.rules, Purpose::Insert);
        let mut missed = std::mem::take(&mut self.values.missed);
        if let Some(reason) = self.values.missed_words.take() {
            let checks = self.input.schema.domains.find(it.id).map_or(0, |it| it.checks.len());
            missed.extend((0..checks).map(|check| (check, reason)));
        }
        let not_carried = it.left_to_database(self.input, missed, self.sink);
        definition.not_checked = not_checked(&not_carried);
        definition.tail = schema.0;
        definition
    }

    fn composite(&mut self, it: &'a CompositeShape) -> Definition {
        let mut definition =
            self.simple(&it.name, ObjectId::Composite(it.id), it.comment.as_deref());
        self.fields(&mut definition, &it.fields, Purpose::Row);
        definition
    }

    fn entity(&mut self, it: &'a Entity) -> Vec<Definition> {
        let object = ItemId::Relation(it.relation).object();
        let mut row = self.simple(&it.name, object, it.comment.as_deref());
        row.is_model = true;
        let properties = self.properties(&it.fields);
        self.object(&mut row, &it.fields, &properties, Purpose::Row, Vec::new());
        let mut missed = std::mem::take(&mut self.values.missed);
        for (index, property) in properties.iter().enumerate() {
            let Some(reason) = property.wordless else { continue };
            let own = it.carried.iter().filter(|carried| carried.fields == [index]);
            missed.extend(own.map(|carried| (carried.check, reason)));
        }
        let mut definitions = vec![row];
        if !it.writable {
            return definitions;
        }
        let mut writes = Vec::new();
        for (suffix, purpose) in [("Insert", Purpose::Insert), ("Update", Purpose::Update)] {
            let name = |field: &Field| field.name().clone();
            let operands = Operands::object(it, purpose, &[], &self.values.bases, name);
            let parts =
                said(&it.rules, &mut missed, |rule| checks::of_object(&rule.predicate, &operands));
            let mut definition = self.simple(&[&it.name, suffix].concat(), object, None);
            definition.is_model = true;
            writes.push((definition, purpose, parts));
        }
        let not_carried = it.left_to_database(self.input, &[], missed, self.sink);
        for (mut definition, purpose, parts) in writes {
            definition.not_checked = not_checked(&not_carried);
            self.object(&mut definition, &it.fields, &properties, purpose, parts);
            definitions.push(definition);
        }
        // They were noted with the row.
        self.values.missed.clear();
        definitions
    }

    /// Makes a definition of an object with these fields that is nothing else besides.
    fn fields(&mut self, definition: &mut Definition, fields: &'a [Field], purpose: Purpose) {
        let properties = self.properties(fields);
        self.object(definition, fields, &properties, purpose, Vec::new());
    }

    /// Makes a definition of an object with these fields, whose properties in rows are `rows`.
    fn object(
        &mut self,
        definition: &mut Definition,
        fields: &'a [Field],
        rows: &[Property],
        purpose: Purpose,
        parts: Vec<Schema>,
    ) {
        definition.head.push(("type".into(), Json::text("object")));
        definition.tail.reserve(3);
        let given = fields.iter().zip(rows);
        let given = given.filter(|(field, _)| purpose.presence(field) != Presence::Never);
        let properties = given.map(|(field, row)| {
            if Self::is_as_in_row(field, purpose) {
                row.clone()
            } else {
                self.property(field, purpose)
            }
        });
        definition.properties = Some(properties.collect());
        let required: Vec<Json> = fields
            .iter()
            .filter(|field| purpose.presence(field) == Presence::Required)
            .map(|field| Json::text(field.name()))
            .collect();
        if !required.is_empty() {
            definition.tail.push(("required".into(), Json::Array(required)));
        }
        if !self.settings.additional_properties {
            definition.tail.push(("additionalProperties".into(), Json::flag(false)));
        }
        if !parts.is_empty() {
            let parts = parts.into_iter().map(Schema::into_json).collect();
            definition.tail.push(("allOf".into(), Json::Array(parts)));
        }
    }

    /// The properties of rows.
    fn properties(&mut self, fields: &'a [Field]) -> Vec<Property> {
        fields.iter().map(|field| self.property(field, Purpose::Row)).collect()
    }

    fn property(&mut self, field: &'a Field, purpose: Purpose) -> Property {
        let (value, wordless) = self.laid(field, purpose);
        Property { object: field.object, name: field.name().clone(), value, wordless }
    }

    /// What is said of a field, laid out: once for all that are alike.
    fn laid(&mut self, field: &'a Field, purpose: Purpose) -> (Rc<json::Laid>, Option<Reason>) {
        let said = field.rules().rest.is_empty().then(|| -> Said<'a> {
            let default = field.default.as_ref().filter(|_| purpose == Purpose::Insert);
            let texts =
                [field.comment.as_deref(), field.deprecated.as_deref().map(SmolStr::as_str)];
            let (value, rules) = (&field.value, field.rules());
            (value, rules, field.nullable, purpose, field.is_computed(), default, texts)
        });
        if let Some(known) = said.as_ref().and_then(|said| self.laid.get(said)) {
            return known.clone();
        }
        let value = Rc::new(json::Laid::new(self.described(field, purpose)));
        let made = (value, self.values.missed_words.take());
        if let Some(said) = said {
            self.laid.insert(said, made.clone());
        }
        made
    }

    /// Whether what is said of a field for `purpose` is sure to be what is said for a row.
    fn is_as_in_row(field: &Field, purpose: Purpose) -> bool {
        purpose == Purpose::Row
            || (!field.is_computed()
                && Values::is_same_both_ways(&field.value)
                && (purpose != Purpose::Insert || field.default.is_none()))
    }

    fn described(&mut self, field: &Field, purpose: Purpose) -> Json {
        let mut words = self.values.field(field, purpose);
        let comments = self.settings.comments;
        if let Some(text) = field.comment.as_deref().filter(|_| comments) {
            words.0.insert(0, (SmolStr::new_static("description"), Json::text(text)));
        }
        if purpose == Purpose::Insert
            && let Some(value) = self.values.default(field)
        {
            words = words.with("default", value);
        }
        if purpose == Purpose::Row && field.is_computed() {
            words = words.with("readOnly", Json::flag(true));
        }
        if let Some(text) = &field.deprecated {
            words = words.with("deprecated", Json::flag(true));
            if comments && !text.is_empty() {
                words = words.with("$comment", Json::text(text));
            }
        }
        words.into_json()
    }
}

fn referred<'a>(keyword: &str, value: &'a Json, found: &mut BTreeSet<&'a str>) {
    match value {
        Json::Text(text) if keyword == "$ref" => {
            found.insert(text);
        }
        Json::Atom(_) | Json::Text(_) => {}
        Json::Laid(laid) => referred(keyword, laid.value(), found),
        Json::Array(items) => {
            for item in items {
                referred("", item, found);
            }
        }
        Json::Object(entries) => {
            for (keyword, value) in entries {
                referred(keyword, value, found);
            }
        }
    }
}

/// The checks that only the database makes.
fn not_checked(not_carried: &[NotCarried]) -> Option<String> {
    let said: Vec<String> = not_carried.iter().map(ToString::to_string).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

impl Definition {
    /// One that fields share.
    pub(super) fn shared(name: &str, schema: Schema) -> Self {
        Self {
            name: name.to_owned(),
            object: None,
            is_model: false,
            not_checked: None,
            head: Vec::new(),
            properties: None,
            tail: schema.0,
        }
    }

    /// Its keywords.
    fn into_schema(self) -> Schema {
        let Self { mut head, properties, tail, .. } = self;
        let properties = properties.map(|all| {
            let entries = all.iter().map(|it| (it.name.clone(), it.value.value().clone()));
            ("properties".into(), Json::Object(entries.collect()))
        });
        head.extend(properties);
        head.extend(tail);
        Schema(head)
    }

    /// Whether it has no keywords.
    pub(super) const fn takes_all(&self) -> bool {
        self.head.is_empty() && self.properties.is_none() && self.tail.is_empty()
    }

    /// How references to it are written.
    pub(super) fn uri(&self) -> String {
        Schema::uri(&self.name)
    }

    /// A text of it, with whose it is.
    pub(super) fn marked(&self, text: Marked) -> Marked {
        match self.object {
            Some(object) => text.of(object),
            None => text,
        }
    }

    /// Adds what it refers to, as references are written. Of values in `known` that is there already.
    pub(super) fn references<'a>(
        &'a self,
        found: &mut BTreeSet<&'a str>,
        known: &mut FxHashSet<*const json::Laid>,
    ) {
        for (keyword, value) in &self.tail {
            referred(keyword, value, found);
        }
        for property in self.properties.iter().flatten() {
            if known.insert(Rc::as_ptr(&property.value)) {
                referred("", property.value.value(), found);
            }
        }
    }

    /// Writes `"name": { … }` at `indent`, with a comma where another entry follows.
    pub(super) fn write(&self, out: &mut Marked, indent: usize, more: bool) {
        let end = if more { ",\n" } else { "\n" };
        let is_empty = self.takes_all() && self.not_checked.is_none();
        out.write(|text| {
            json::write_key(text, indent, &self.name);
            text.push_str(if is_empty { "{}" } else { "{\n" });
            if let Some(note) = &self.not_checked {
                json::write_entry(text, indent + 2, "$comment", &Json::text(note), true);
            }
        });
        if !is_empty {
            self.write_entries(out, indent + 2, false);
        }
        out.write(|text| {
            if !is_empty {
                push_spaces(text, indent);
                text.push('}');
            }
            text.push_str(end);
        });
    }

    /// Writes its keywords, each on lines of its own.
    pub(super) fn write_entries(&self, out: &mut Marked, indent: usize, more: bool) {
        let all = |out: &mut String, entries: &[(SmolStr, Json)], more: bool| {
            for (index, (key, value)) in entries.iter().enumerate() {
                let more = more || index + 1 < entries.len();
                json::write_entry(out, indent, key, value, more);
            }
        };
        let properties = self.properties.as_deref();
        let holds_some = properties.is_some_and(|it| !it.is_empty());
        out.write(|text| {
            all(text, &self.head, more || properties.is_some() || !self.tail.is_empty());
            if properties.is_some() {
                json::write_key(text, indent, "properties");
                text.push_str(if holds_some { "{\n" } else { "{" });
            }
        });
        for (index, property) in properties.into_iter().flatten().enumerate() {
            let more = properties.is_some_and(|all| index + 1 < all.len());
            out.write_for(property.object, |text| {
                property.value.write_entry(text, indent + 2, &property.name, more);
            });
        }
        out.write(|text| {
            if properties.is_some() {
                push_spaces(text, if holds_some { indent } else { 0 });
                text.push_str(if more || !self.tail.is_empty() { "},\n" } else { "}\n" });
            }
            all(text, &self.tail, more);
        });
    }
}
