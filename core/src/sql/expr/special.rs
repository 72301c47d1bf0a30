//! The functions that SQL gives a syntax of their own: PostgreSQL's `func_expr_common_subexpr`.

use smol_str::{SmolStr, StrExt};

use super::fault::{Fault, Read};
use super::reader::{Figure, Reader};
use super::tree::{Literal, Node, Simple};
use crate::sql::lex::Kind;

/// A special form as it was read: the function that it stands for, and its arguments; none where they do
/// not say all.
type Form = (&'static str, Option<Vec<Node>>);

impl Reader<'_> {
    /// The special form that begins with the present word; none where none does.
    pub(super) fn special(&mut self, start: u32) -> Read<Option<(Node, Figure)>> {
        if let Some(constant) = self.typed_constant(start)? {
            return Ok(Some(constant));
        }
        if let Some(name) = self.session_value() {
            let mut args = Vec::new();
            let place = self.note_special(name);
            if PRECISE.contains(&name) && self.sql.at_sign("(") {
                self.sql.advance();
                if self.sql.kind(0) != Kind::Number {
                    return Err(self.sql.missing("the digits of a second must stand here"));
                }
                args.push(self.primary()?);
                self.sql.close()?;
            }
            return Ok(Some(self.formed(place, start, (name, Some(args)))));
        }
        if self.sql.is("collation") && self.sql.word(1) == "for" {
            let place = self.note_special("pg_collation_for");
            self.sql.advance();
            let args =
                self.bracketed_list("`collation for` takes a value in brackets", Self::expression)?;
            return Ok(Some(self.formed(place, start, ("pg_collation_for", Some(args)))));
        }
        if self.sql.sign(1) != "(" {
            return Ok(None);
        }
        if self.sql.is("cast") {
            return self.cast(start).map(Some);
        }
        if self.sql.is("row") {
            return self.row(start).map(Some);
        }
        let word = self.sql.word(0);
        let Some(name) = FORMS.iter().find(|name| **name == word).copied() else {
            return Ok(None);
        };
        let place = self.note_special(name);
        self.sql.advance();
        let form = self.form(name)?;
        self.sql.close()?;
        if name.ends_with("agg") {
            self.filter()?;
            let window = self.over()?;
            if let Some(call) = self.refs.calls.get_mut(place) {
                (call.aggregate, call.window) = (true, window);
            }
            self.gathers = true;
        }
        Ok(Some(self.formed(place, start, form)))
    }

    /// The word where it is a value of the session, which needs no brackets.
    pub(super) fn session_value(&self) -> Option<&'static str> {
        let call = self.sql.sign(1) == "(";
        match self.sql.word(0) {
            "current_schema" if !call => Some("current_schema"),
            "system_user" if !call => Some("system_user"),
            word => SESSION.iter().find(|name| **name == word).copied(),
        }
    }

    fn formed(&mut self, place: usize, start: u32, (name, args): Form) -> (Node, Figure) {
        if let Some(call) = self.refs.calls.get_mut(place) {
            call.name = name.into();
            call.args = args.as_ref().map_or(0, Vec::len);
        }
        let kind = match args {
            Some(args) => Simple::Call { name: name.into(), args },
            None => Simple::Special { name: name.into(), args: Vec::new() },
        };
        (self.node(kind, start), Figure::named(name))
    }

    /// What stands in the brackets of a form.
    fn form(&mut self, name: &'static str) -> Read<Form> {
        Ok(match name {
            "coalesce" | "greatest" | "least" | "grouping" | "xmlconcat" => {
                if self.sql.at_sign(")") {
                    let message = format!("`{name}` needs at least one value");
                    return Err(Fault::wrong(message, self.sql.start()));
                }
                (name, Some(self.list(Self::expression)?))
            }
            "nullif" => {
                let at = self.sql.start();
                let args = self.list(Self::expression)?;
                if args.len() != 2 {
                    return Err(Fault::wrong("`nullif` takes two values", at)
                        .help("write `nullif(value, the value that becomes null)`"));
                }
                (name, Some(args))
            }
            "extract" => {
                let at = self.sql.start();
                let field = match self.sql.eat_text() {
                    Some(field) => Some(field),
                    None => self.sql.any_name(),
                };
                let Some(field) = field else {
                    return Err(self
                        .sql
                        .missing("`extract` wants a field: `extract(year from …)`"));
                };
                let kind = Simple::Literal(Literal::String(field.to_lowercase_smolstr()));
                let field = self.node(kind, at);
                self.sql
                    .word_or("from", "`extract` has no `from`: write `extract(year from …)`")?;
                (name, Some(vec![field, self.expression()?]))
            }
            "position" => {
                let part = self.bounded_expression()?;
                self.sql
                    .word_or("in", "`position` has no `in`: write `position(part in whole)`")?;
                (name, Some(vec![part, self.bounded_expression()?]))
            }
            "trim" => self.trim()?,
            "substring" => self.substring()?,
            "overlay" => self.overlay()?,
            "normalize" => {
                let mut args = vec![self.expression()?];
                if self.sql.eat_sign(",") {
                    let at = self.sql.start();
                    let form = self.sql.any_name();
                    let known = |form: &SmolStr| ["nfc", "nfd", "nfkc", "nfkd"].contains(&&**form);
                    let Some(form) = form.filter(known) else {
                        let message = "the form of `normalize` is `nfc`, `nfd`, `nfkc` or `nfkd`";
                        return Err(Fault::wrong(message, at));
                    };
                    args.push(self.node(Simple::Literal(Literal::String(form)), at));
                }
                (name, Some(args))
            }
            "treat" => {
                self.expression()?;
                self.sql.word_or("as", "`treat` has no `as`")?;
                self.type_name("a type must follow `as`")?;
                (name, None)
            }
            "merge_action" => (name, Some(Vec::new())),
            _ if name.starts_with("xml") => {
                self.xml(name)?;
                (name, None)
            }
            _ => {
                self.json()?;
                (name, None)
            }
        })
    }

    fn trim(&mut self) -> Read<Form> {
        let name = match self.sql.word(0) {
            "leading" => "ltrim",
            "trailing" => "rtrim",
            _ => "btrim",
        };
        self.sql.eat_any(&["both", "leading", "trailing"]);
        if self.sql.eat("from") {
            return Ok((name, Some(self.list(Self::expression)?)));
        }
        let first = self.expression()?;
        let args = if self.sql.eat("from") {
            let mut args = self.list(Self::expression)?;
            args.push(first);
            args
        } else {
            let mut args = vec![first];
            while self.sql.eat_sign(",") {
                args.push(self.expression()?);
            }
            args
        };
        Ok((name, Some(args)))
    }

    fn substring(&mut self) -> Read<Form> {
        let name = "substring";
        if self.sql.at_sign(")") {
            return Ok((name, Some(Vec::new())));
        }
        let text = self.argument()?;
        if self.sql.eat("similar") {
            self.expression()?;
            self.sql.word_or("escape", "`substring … similar` has no `escape`")?;
            self.expression()?;
            return Ok((name, None));
        }
        let at = self.sql.start();
        let (mut from, mut length) = (None, None);
        loop {
            if from.is_none() && self.sql.eat("from") {
                from = Some(self.expression()?);
            } else if length.is_none() && self.sql.eat("for") {
                length = Some(self.expression()?);
            } else {
                break;
            }
        }
        let mut args = vec![text];
        let is_list = from.is_none() && length.is_none();
        if let (None, Some(_)) = (&from, &length) {
            let kind = Simple::Literal(Literal::Number("1".into()));
            from = Some(Node { kind, range: at..at });
        }
        args.extend(from);
        args.extend(length);
        while is_list && self.sql.eat_sign(",") {
            args.push(self.argument()?);
        }
        Ok((name, Some(args)))
    }

    fn overlay(&mut self) -> Read<Form> {
        let name = "overlay";
        let mut args = vec![self.argument()?];
        if self.sql.eat("placing") {
            args.push(self.expression()?);
            self.sql.word_or("from", "`overlay … placing` has no `from`")?;
            args.push(self.expression()?);
            if self.sql.eat("for") {
                args.push(self.expression()?);
            }
        }
        while self.sql.eat_sign(",") {
            args.push(self.argument()?);
        }
        Ok((name, Some(args)))
    }

    /// An argument, perhaps by its name.
    fn argument(&mut self) -> Read<Node> {
        if matches!(self.sql.sign(1), ":=" | "=>") && self.sql.is_type_name() {
            self.sql.advance();
            self.sql.advance();
        }
        self.expression()
    }

    fn cast(&mut self, start: u32) -> Read<(Node, Figure)> {
        self.sql.advance();
        self.sql.advance();
        let expr = Box::new(self.expression()?);
        let named = std::mem::take(&mut self.figure).firm();
        self.sql.word_or("as", "`cast` has no `as`: write `cast(value as type)`")?;
        let ty = self.type_name("a type must follow `as`")?;
        self.sql.close()?;
        self.refs.types.push((ty.clone(), self.sql.since(start)));
        let node = self.node(Simple::Cast { expr, ty: ty.clone() }, start);
        Ok((node, named.map_or(Figure::Cast(ty), Figure::Named)))
    }

    fn row(&mut self, start: u32) -> Read<(Node, Figure)> {
        let place = self.note_special("row");
        self.sql.advance();
        let args = if self.sql.at_sign(")") { Vec::new() } else { self.list(Self::expression)? };
        self.sql.close()?;
        if self.sql.is("overlaps") {
            return self.overlaps(start);
        }
        Ok(self.formed(place, start, ("row", Some(args))))
    }

    fn xml(&mut self, name: &str) -> Read<()> {
        match name {
            "xmlexists" => {
                self.primary()?;
                self.sql.word_or("passing", "`xmlexists` has no `passing`")?;
                self.xml_passed()
            }
            "xmlforest" => self.list(Self::labelled).map(|_| ()),
            "xmlparse" => {
                self.document_or_content()?;
                self.expression()?;
                if self.sql.eat_any(&["preserve", "strip"]) {
                    self.sql.word_or("whitespace", "`whitespace` must stand here")?;
                }
                Ok(())
            }
            "xmlserialize" => {
                self.document_or_content()?;
                self.expression()?;
                self.sql.word_or("as", "`xmlserialize` has no `as`")?;
                self.type_name("a type must follow `as`")?;
                self.sql.eat("no");
                self.sql.eat("indent");
                Ok(())
            }
            "xmlroot" => {
                self.expression()?;
                self.sql.sign_or(",", "`xmlroot` wants a version")?;
                self.sql.word_or("version", "`xmlroot` wants a version")?;
                if !self.sql.eat_all(&["no", "value"]) {
                    self.expression()?;
                }
                if self.sql.eat_sign(",") {
                    self.sql.word_or("standalone", "`standalone` must stand here")?;
                    if !self.sql.eat_all(&["no", "value"]) && !self.sql.eat_any(&["yes", "no"]) {
                        return Err(self.sql.missing("`yes` or `no` must stand here"));
                    }
                }
                Ok(())
            }
            _ => {
                self.sql.word_or("name", "an element's name must stand here: `name title`")?;
                self.sql.label("an element's name must stand here: `name title`")?;
                while self.sql.eat_sign(",") {
                    if self.sql.is("xmlattributes") && self.sql.sign(1) == "(" {
                        self.sql.advance();
                        self.bracketed_list("", Self::labelled)?;
                    } else {
                        self.expression()?;
                    }
                }
                Ok(())
            }
        }
    }

    /// `passing [by value] document [by value]`, behind `passing`.
    pub(super) fn xml_passed(&mut self) -> Read<()> {
        self.sql.eat_all(&["by", "ref"]);
        self.sql.eat_all(&["by", "value"]);
        self.primary()?;
        self.sql.eat_all(&["by", "ref"]);
        self.sql.eat_all(&["by", "value"]);
        Ok(())
    }

    fn document_or_content(&mut self) -> Read<()> {
        if self.sql.eat_any(&["document", "content"]) {
            Ok(())
        } else {
            Err(self.sql.missing("`document` or `content` must stand here"))
        }
    }

    fn labelled(&mut self) -> Read<()> {
        self.expression()?;
        if self.sql.eat("as") {
            self.sql.label("a name must follow `as`")?;
        }
        Ok(())
    }

    /// The values among the many clauses of SQL's JSON functions. Which clause may stand where is not
    /// looked at: what is not read here is not called wrong.
    fn json(&mut self) -> Read<()> {
        if self.begins_query() {
            self.query()?;
            self.sql.eat("format");
        }
        while !self.sql.at_sign(")") && !self.sql.is_end() {
            if self.sql.eat("returning") {
                self.type_name("a type must follow `returning`")?;
            } else if self.sql.eat("as") {
                self.sql.label("a name must follow `as`")?;
            } else if self.sql.is("order") {
                self.order_by()?;
            } else if !self.json_clause() {
                let first = self.sql.at_sign(",");
                if let Err(fault) = self.expression() {
                    return Err(Fault { wrong: first, ..fault });
                }
                let goes_on = self.sql.at_sign(")")
                    || self.sql.eat_sign(":")
                    || self.sql.is_any(&["returning", "as", "order"])
                    || self.sql.is_any(CLAUSES);
                if self.sql.eat_sign(",") {
                    if matches!(self.sql.sign(0), "," | ")") {
                        return Err(self.sql.no_value());
                    }
                } else if !goes_on {
                    return Err(Fault { wrong: false, ..self.sql.unexpected() });
                }
            }
        }
        Ok(())
    }

    fn json_clause(&mut self) -> bool {
        !matches!(self.sql.sign(1), "[" | "(") && self.sql.eat_any(CLAUSES)
    }
}

/// The values of the session.
const SESSION: &[&str] = &[
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "user",
];

/// Those that take a precision.
const PRECISE: &[&str] = &["current_time", "current_timestamp", "localtime", "localtimestamp"];

/// The forms with brackets.
const FORMS: &[&str] = &[
    "coalesce",
    "extract",
    "greatest",
    "grouping",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_value",
    "least",
    "merge_action",
    "normalize",
    "nullif",
    "overlay",
    "position",
    "substring",
    "treat",
    "trim",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
];

/// The words between the values of SQL's JSON functions.
const CLAUSES: &[&str] = &[
    "absent",
    "array",
    "conditional",
    "default",
    "empty",
    "encoding",
    "error",
    "false",
    "format",
    "json",
    "key",
    "keep",
    "keys",
    "null",
    "object",
    "omit",
    "on",
    "passing",
    "quotes",
    "scalar",
    "string",
    "true",
    "unconditional",
    "unique",
    "unknown",
    "utf8",
    "value",
    "with",
    "without",
    "wrapper",
];
