//! Calls of functions, with all that may stand in and behind their brackets.

use smol_str::{SmolStr, format_smolstr};

use super::fault::Read;
use super::reader::{Figure, Reader};
use super::tree::{Node, Simple};
use crate::sql::builtins;
use crate::sql::lex::Kind;

impl Reader<'_> {
    /// A call behind its name, which begins at `start`; `from`: it stands in `FROM`.
    pub(super) fn call(
        &mut self,
        schema: Option<SmolStr>,
        name: SmolStr,
        start: u32,
        from: bool,
    ) -> Read<(Node, Figure)> {
        self.deeper(|reader| reader.called(schema, name, start, from))
    }

    fn called(
        &mut self,
        schema: Option<SmolStr>,
        name: SmolStr,
        start: u32,
        from: bool,
    ) -> Read<(Node, Figure)> {
        // The call comes before what is in its arguments, as in the text.
        let place = self.note_call(schema.clone(), &name, start);
        self.sql.sign_or("(", "a function's arguments must follow")?;
        let mut call = Arguments { plain: true, ..Arguments::default() };
        if self.sql.eat_sign("*") {
            (call.aggregate, call.plain) = (true, false);
        } else if !self.sql.at_sign(")") {
            self.arguments(&mut call)?;
        }
        self.sql.close()?;
        let modifiers = self.sql.since(start);
        if self.sql.kind(0) == Kind::Text && !from && call.plain && !call.values.is_empty() {
            // `numeric(10, 2) '1.5'`: what was taken for a call is a type.
            self.refs.calls.truncate(place);
            let ty = SmolStr::from(self.sql.written(modifiers));
            return Ok(self.typed_literal(ty, start));
        }
        let mut window = false;
        let mut keys = Vec::new();
        if !from {
            if self.sql.eat_all(&["within", "group"]) {
                self.sql.sign_or("(", "`within group` takes `(order by …)`")?;
                keys = self.order_by()?;
                self.sql.close()?;
                (call.aggregate, call.plain) = (true, false);
            }
            if self.filter()? {
                (call.aggregate, call.plain) = (true, false);
            }
            window = self.over()?;
            call.plain &= !window;
        }
        if let Some(noted) = self.refs.calls.get_mut(place) {
            noted.args = call.values.len();
            noted.aggregate = call.aggregate;
            noted.window = window;
            noted.from = from;
        }
        let known = builtins::function(&name).filter(|_| schema.is_none());
        self.gathers |= !from
            && (call.aggregate
                || window
                || known.is_some_and(|it| it.aggregate || it.window || it.set_returning));
        let full = match schema.as_deref() {
            None | Some("pg_catalog") => name.clone(),
            Some(schema) => format_smolstr!("{schema}.{name}"),
        };
        let mut args = call.values;
        args.append(&mut keys);
        let kind = if call.plain {
            Simple::Call { name: full, args }
        } else {
            Simple::Special { name: full, args }
        };
        Ok((self.node(kind, start), Figure::Named(name)))
    }

    /// `filter (where …)`.
    pub(super) fn filter(&mut self) -> Read<bool> {
        if !self.sql.eat("filter") {
            return Ok(false);
        }
        let missing = "`filter` takes `(where condition)`";
        self.sql.sign_or("(", missing)?;
        self.sql.word_or("where", missing)?;
        self.expression()?;
        self.sql.close()?;
        Ok(true)
    }

    /// `over (…)`, `over w`.
    pub(super) fn over(&mut self) -> Read<bool> {
        if !self.sql.eat("over") {
            return Ok(false);
        }
        if self.sql.at_sign("(") {
            self.window()?;
        } else {
            self.sql.column_name("`over` takes a window in brackets, or its name")?;
        }
        Ok(true)
    }

    /// What stands in a call's brackets, if anything does.
    fn arguments(&mut self, call: &mut Arguments) -> Read<()> {
        if self.sql.eat_any(&["distinct", "all"]) {
            (call.aggregate, call.plain) = (true, false);
        }
        loop {
            if self.sql.eat("variadic") {
                call.plain = false;
            }
            if matches!(self.sql.sign(1), ":=" | "=>") && self.sql.is_type_name() {
                self.sql.advance();
                self.sql.advance();
                call.plain = false;
            }
            let value = self.expression()?;
            call.values.push(value);
            if !self.sql.eat_sign(",") {
                break;
            }
        }
        if self.sql.is("order") {
            (call.aggregate, call.plain) = (true, false);
            self.order_by()?;
        }
        Ok(())
    }

    /// `(partition by … order by … rows …)`.
    pub(super) fn window(&mut self) -> Read<()> {
        self.sql.sign_or("(", "a window stands in brackets")?;
        if !self.sql.is_any(&["partition", "order", "range", "rows", "groups"])
            && self.sql.is_column_name()
        {
            self.sql.advance();
        }
        if self.sql.eat("partition") {
            self.sql.word_or("by", "`by` must follow `partition`")?;
            self.list(Self::expression)?;
        }
        if self.sql.is("order") {
            self.order_by()?;
        }
        if self.sql.eat_any(&["range", "rows", "groups"]) {
            if self.sql.eat("between") {
                self.frame_bound()?;
                self.sql.word_or("and", "`between` has no `and`")?;
            }
            self.frame_bound()?;
            if self.sql.eat("exclude") {
                let is_known = self.sql.eat_all(&["current", "row"])
                    || self.sql.eat_all(&["no", "others"])
                    || self.sql.eat_any(&["group", "ties"]);
                if !is_known {
                    let missing =
                        "after `exclude` comes `current row`, `group`, `ties` or `no others`";
                    return Err(self.sql.missing(missing));
                }
            }
        }
        self.sql.close()
    }

    fn frame_bound(&mut self) -> Read<()> {
        if self.sql.eat_all(&["current", "row"]) {
            return Ok(());
        }
        if !self.sql.eat("unbounded") {
            self.expression()?;
        }
        if self.sql.eat_any(&["preceding", "following"]) {
            Ok(())
        } else {
            Err(self.sql.missing("`preceding` or `following` must stand here"))
        }
    }
}

/// What was read of a call's arguments.
#[derive(Default)]
struct Arguments {
    values: Vec<Node>,
    aggregate: bool,
    /// Whether it is nothing but a function and values.
    plain: bool,
}
