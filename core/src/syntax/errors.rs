//! What this room says, finding by finding.
//!
//! In: places and the user's words. Out: [`Diagnostic`]s. The library's own messages are turned into
//! words about what people write; each is recognised here and nowhere else.

use super::{Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::limits;
use crate::source::{FileId, Span};

/// The library's message for an alias without an anchor, after which it can go on.
pub(super) const UNKNOWN_ANCHOR: &str = "while parsing node, found unknown anchor";

pub(super) fn not_utf8(span: Span) -> Diagnostic {
    Diagnostic::new(Code::InvalidUtf8, span, "this file is not UTF-8 text")
        .here("these bytes are no character")
        .help("save the file as UTF-8, or check that it is a schema")
}

pub(super) fn source_too_large(span: Span, bytes: usize) -> Diagnostic {
    let most = limits::SOURCE_BYTES / (1024 * 1024);
    Diagnostic::new(
        Code::YamlTooLarge,
        span,
        format!("this source has {bytes} bytes; at most {most} MiB are read"),
    )
    .help("split the schema into several files")
}

pub(super) fn holds_nul(span: Span) -> Diagnostic {
    let message = "this text holds U+0000, which PostgreSQL can store in none";
    Diagnostic::new(Code::YamlSyntax, span, message)
        .help("remove the escape: `\\0`, `\\x00` or `\\u0000`")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let most = limits::TREE_DEPTH;
    Diagnostic::new(
        Code::YamlTooDeep,
        span,
        format!("lists and maps are nested more than {most} levels deep"),
    )
    .here("the limit is passed here")
    .help("remove the nesting: no schema needs so many levels")
}

pub(super) fn too_many_copies(span: Span, what: &str) -> Diagnostic {
    let most = limits::EXPANDED_NODES;
    Diagnostic::new(Code::YamlTooLarge, span, format!("aliases copy more than {most} values"))
        .here(format!("`{what}` passes the limit"))
        .help("remove aliases that repeat other aliases many times over")
}

pub(super) fn many_documents(span: Span) -> Diagnostic {
    Diagnostic::new(Code::YamlManyDocuments, span, "a second YAML document begins here")
        .here("this and all below it is not read")
        .help("remove the `---`, or move the second document to a file of its own")
}

pub(super) fn duplicate_key(key: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::YamlDuplicateKey,
        span,
        format!("the key `{key}` stands twice in the same map"),
    )
    .here("again here")
    .label(first, "first here")
    .help("remove or rename one of the two")
}

pub(super) fn second_merge_key(span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::YamlDuplicateKey, span, "the merge key `<<` stands twice in the same map")
        .here("again here")
        .label(first, "first here")
        .help("merge several maps with one key: `<<: [*first, *second]`")
}

pub(super) fn merge_not_map(wrong: &Node, key: Span) -> Diagnostic {
    Diagnostic::new(
        Code::YamlMergeKey,
        wrong.span,
        "the merge key `<<` takes a map or a list of maps",
    )
    .here(match wrong.kind {
        NodeKind::Scalar(_) => "this is a single value",
        NodeKind::Seq(_) => "this is a list without maps",
        NodeKind::Map(_) => "",
    })
    .label(key, "merged here")
    .help("name an anchored map: `<<: *name`; quote the key where it is meant as text: `\"<<\"`")
}

pub(super) fn unknown_alias(span: Span, alias: &str) -> Diagnostic {
    let name = alias.trim_start_matches('*');
    Diagnostic::new(
        Code::YamlUnknownAlias,
        span,
        format!("no anchor `&{name}` stands before the alias `{alias}`"),
    )
    .help(format!(
        "write `&{name}` before the value that is meant, or quote `'{alias}'` where it is text"
    ))
}

pub(super) fn recursive_alias(span: Span, alias: &str) -> Diagnostic {
    Diagnostic::new(
        Code::YamlUnknownAlias,
        span,
        format!("the alias `{alias}` stands inside the value that it names"),
    )
    .help("name a value that is complete before the alias")
}

pub(super) fn key_not_scalar(key: &Node, text: &str) -> Diagnostic {
    let written = text.get(key.span.range()).unwrap_or_default();
    let (what, help) = match key.kind {
        NodeKind::Map(_) if written.starts_with('{') => {
            ("a map", "quote the text where a template such as `{{ name }}` is meant")
        }
        NodeKind::Map(_) => ("a map", "write a single word before the `:`"),
        NodeKind::Seq(_) | NodeKind::Scalar(_) => ("a list", "write a single word before the `:`"),
    };
    Diagnostic::new(Code::YamlSyntax, key.span, format!("{what} cannot be a key"))
        .here("this is read as a key")
        .help(help)
}

pub(super) fn unknown_tag(span: Span, tag: &str) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, span, format!("the tag `{tag}` does not fit here"))
        .help("remove it; only `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!seq` and `!!map` are known")
}

pub(super) fn tag_mismatch(span: Span, text: &str, tag: &str) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, span, format!("`{text}` is no `!!{tag}`"))
        .help("remove the tag, or correct the value")
}

/// A syntax error that the library reports at `at` with the words `info`. `open` is the bracket that
/// is open there.
pub(super) fn syntax(
    file: FileId,
    text: &str,
    at: usize,
    info: &str,
    open: Option<usize>,
) -> Diagnostic {
    let scene = Scene { file, text, at: at.min(text.len()), open };
    match info {
        "recursion limit exceeded" => too_deep(scene.at(1)),
        "found unprintable character" => {
            scene.says(1, "a NUL byte cannot stand in YAML").help("remove it; is this a text file?")
        }
        "unexpected character: `@'" => scene.unquotable('@'),
        "unexpected character: ``'" => scene.unquotable('`'),
        "unexpected character: `%'" => scene.unquotable('%'),
        "while scanning an anchor or alias, did not find expected alphabetic or numeric character" =>
        {
            let what = scene.word();
            says_at(
                what,
                format!("`{}` begins an alias or an anchor and has no name", scene.slice(what)),
            )
            .help("quote it where it is text: `'*'`")
        }
        "tabs disallowed within this context (block indentation)"
        | "tabs disallowed in this context"
        | "tab cannot be used as indentation"
        | "a block scalar content cannot start with a tab"
        | "while scanning a plain scalar, found a tab" => scene.tab(),
        "while scanning a quoted scalar, found unexpected end of stream"
        | "while scanning a quoted scalar, found unexpected document indicator" => {
            let quote = scene.first_char();
            scene
                .says(1, format!("the quote `{quote}` opened here is never closed"))
                .here("opened here")
                .help(format!("add the closing `{quote}`"))
        }
        "invalid indentation in quoted scalar" => {
            let quote = scene.first_char();
            scene
                .says(
                    1,
                    format!(
                        "the quote `{quote}` opened here is not closed before the indentation ends"
                    ),
                )
                .here("opened here")
                .help(format!("indent its lines deeper than the key, or add the closing `{quote}`"))
        }
        "while parsing a quoted scalar, found unknown escape character"
        | "while parsing a quoted scalar, did not find expected hexadecimal number"
        | "while parsing a quoted scalar, found invalid Unicode character escape code" => {
            scene.escape()
        }
        "invalid trailing content after double-quoted scalar" => scene.after_quote(),
        "while scanning a block scalar, did not find expected comment or line break" => {
            let sign = scene.first_char();
            scene.says(1, format!("`{sign}` begins a block of text, which starts on the next line"))
                .help(format!("quote the value where `{sign}` is part of it, or move the text to the next line"))
        }
        "wrongly indented line in block scalar" => scene
            .says(0, "this line of the text block is indented less than its first lines")
            .help("indent all lines of the block alike"),
        "misplaced bracket" => {
            let bracket = scene.first_char();
            scene
                .says(1, format!("`{bracket}` closes nothing"))
                .help("remove it, or quote the value that it belongs to")
        }
        "while parsing a flow sequence, expected ',' or ']'"
        | "illegal placement of ':' indicator" => scene.bracket('[', ']'),
        "while parsing a flow mapping, did not find expected ',' or '}'" => scene.bracket('{', '}'),
        "while parsing a node, did not find expected node content" => scene.no_value(),
        "mapping values are not allowed in this context" => scene.second_colon(),
        "simple key expect ':'" | "simple key expected" => scene.no_colon(),
        "':' must be followed by a valid YAML whitespace"
        | "':' may not precede any of `[{` in flow mapping" => {
            scene.says(1, "a space is missing after `:`").help("write `: `")
        }
        "while parsing a block mapping, did not find expected key"
            if scene.before().ends_with(['\'', '"']) =>
        {
            scene.after_quote()
        }
        "while parsing a block mapping, did not find expected key" => scene
            .says(0, "a key is expected here")
            .help("indent this line like the keys around it, or correct the line above"),
        "while parsing a block collection, did not find expected '-' indicator" => scene
            .says(0, "an item of the list is expected here")
            .help("begin it with `- `, or indent it less to end the list"),
        "invalid indentation"
        | "invalid indentation in flow construct"
        | "invalid indentation for anchor" => scene
            .says(0, "this line is indented less than what it belongs to")
            .help("indent it deeper, or close the bracket above"),
        "block sequence entries are not allowed in this context" => scene
            .says(1, "a list cannot begin on this line")
            .help("put each `- ` on a line of its own below the key, or write `[first, second]`"),
        r#""-" is only valid inside a block"#
        | "plain scalar cannot start with '-' followed by ,[]{}" => scene
            .says(1, "`-` cannot stand alone between brackets")
            .help("remove it, or quote it: `'-'`"),
        "comment intercepting the multiline text" => scene
            .says(0, "a comment stands in the middle of a value of several lines")
            .help("quote the value, or indent the next line like the keys"),
        "comments must be separated from other tokens by whitespace" => scene
            .says(1, "a space is missing before `#`")
            .help("write ` #`, or quote the value that it belongs to"),
        "did not find expected <document start>"
            if scene.line_above().is_some_and(|line| line.starts_with('%')) =>
        {
            says_at(
                scene.at(0),
                "a line that begins with `%` is a YAML directive, and no `---` follows it",
            )
            .help("quote the value, or remove the line")
        }
        "did not find expected <document start>" | "invalid content after document end marker" => {
            scene
                .says(0, "text stands after the end of the document's value")
                .help("indent it to make it part of the value, or remove it")
        }
        "the handle wasn't declared" => {
            says_at(scene.word(), "this tag is not declared").help("remove the tag")
        }
        "a byte order mark must not appear inside a document" => {
            scene.says(1, "a byte order mark stands inside the text").help("remove it")
        }
        other if other.contains("directive") || other.contains("TAG") => says_at(
            scene.line(),
            "a line that begins with `%` is a YAML directive, and this one is not understood",
        )
        .help("quote the value, or remove the line"),
        other => scene.says(0, format!("not valid YAML: {other}")),
    }
}

/// The text around a syntax error.
struct Scene<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
    open: Option<usize>,
}

impl Scene<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> &str {
        self.text.get(..self.at).unwrap_or_default()
    }

    fn first_char(&self) -> char {
        self.rest().chars().next().unwrap_or(' ')
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn range(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start as u32..end.max(start) as u32)
    }

    /// `chars` characters from the place; all of the word for 0.
    fn at(&self, chars: usize) -> Span {
        if chars == 0 {
            return self.word();
        }
        let length: usize = self.rest().chars().take(chars).map(char::len_utf8).sum();
        self.range(self.at, self.at + length)
    }

    fn word(&self) -> Span {
        let end = self.rest().find([' ', '\t', '\n', '\r']).unwrap_or(self.rest().len());
        self.range(self.at, self.at + end)
    }

    fn line_start(&self) -> usize {
        self.before().rfind(['\n', '\r']).map_or(0, |end| end + 1)
    }

    fn line_above(&self) -> Option<&str> {
        self.text.get(..self.line_start())?.trim_end().lines().last()
    }

    fn line_end(&self) -> usize {
        self.at + self.rest().find(['\n', '\r']).unwrap_or(self.rest().len())
    }

    fn line(&self) -> Span {
        self.range(self.line_start(), self.line_end())
    }

    fn says(&self, chars: usize, message: impl Into<String>) -> Diagnostic {
        says_at(self.at(chars), message)
    }

    /// A value that begins with a character that YAML reserves.
    fn unquotable(&self, sign: char) -> Diagnostic {
        let value = self.value_to_line_end(self.at);
        let quoted = single_quoted(self.slice(value));
        self.says(1, format!("a value cannot begin with `{sign}`")).help("quote the value").fix(
            "quote the value",
            Safety::Suggestion,
            value,
            quoted,
        )
    }

    /// From `start` to the end of its line, without a comment and trailing blanks.
    fn value_to_line_end(&self, start: usize) -> Span {
        let line = self.text.get(start..self.line_end().max(start)).unwrap_or_default();
        let value = line.find(" #").and_then(|end| line.get(..end)).unwrap_or(line).trim_end();
        self.range(start, start + value.len())
    }

    fn tab(&self) -> Diagnostic {
        // The library points near the tab: on its line, or at the value that goes on over it.
        let around = self.line_start();
        let found = self.text.get(around..).unwrap_or_default();
        let tab = leading_tab(found).map_or(self.at, |offset| around + offset);
        let tabs = self.text.get(tab..).unwrap_or_default();
        let end = tab + tabs.len() - tabs.trim_start_matches('\t').len();
        let span = self.range(tab, end.max(tab));
        says_at(span, "a tab cannot indent a line in YAML").help("indent with spaces").fix(
            "replace the tab by spaces",
            Safety::Suggestion,
            span,
            "  ".repeat(end - tab),
        )
    }

    /// The first escape of the double-quoted text at the place that is no escape.
    fn escape(&self) -> Diagnostic {
        let text = self.rest();
        let mut from = 1;
        while let Some(found) = text.get(from..).and_then(|rest| rest.find('\\')) {
            let start = from + found;
            let letter = text.get(start + 1..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
            let digits = match letter {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let body: String = text
                .get(start + 2..)
                .unwrap_or_default()
                .chars()
                .take(digits)
                .take_while(char::is_ascii_hexdigit)
                .collect();
            let value = u32::from_str_radix(&body, 16).ok().filter(|_| body.len() == digits);
            let end = start + 1 + letter.len_utf8() + body.len();
            let span = self.range(self.at + start, self.at + end);
            let written = text.get(start..end).unwrap_or_default();
            if digits > 0 && value.is_none() {
                return says_at(span, format!("`\\{letter}` needs {digits} hexadecimal digits"))
                    .help("write the character itself, or `\\\\` for a backslash");
            }
            if digits > 0 && value.and_then(char::from_u32).is_none() {
                return says_at(span, format!("`{written}` is no Unicode character"))
                    .help("write the character itself");
            }
            if digits == 0 && !"0abt\tnvfre \"/\\N_LP\n\r".contains(letter) {
                let backslash = self.range(self.at + start, self.at + start + 1);
                return says_at(span, format!("`{written}` is no escape in a double-quoted text"))
                    .help("double the backslash, or use single quotes, where a backslash stands for itself")
                    .fix("double the backslash", Safety::Suggestion, backslash, "\\\\");
            }
            from = end;
        }
        self.says(1, "an escape in this text is not understood")
    }

    /// Text that follows a closing quote: `'a'::text`, most often.
    fn after_quote(&self) -> Diagnostic {
        let line = self.before().get(self.line_start()..).unwrap_or_default();
        let opening = line.find([':', '-']).map_or(0, |colon| colon + 1);
        let value = line.get(opening..).unwrap_or_default();
        let start = self.line_start() + opening + (value.len() - value.trim_start().len());
        let whole = self.value_to_line_end(start);
        let finding =
            says_at(self.value_to_line_end(self.at), "text stands after the closing quote")
                .help("quote the whole value: YAML takes the first quotes for its own");
        if self.slice(whole).starts_with(['\'', '"']) {
            let quoted = double_quoted(self.slice(whole));
            finding.fix("quote the whole value", Safety::Suggestion, whole, quoted)
        } else {
            finding
        }
    }

    fn bracket(&self, opened: char, closed: char) -> Diagnostic {
        let at_end = self.rest().trim().is_empty();
        let finding = if at_end {
            let end = self.before().trim_end().len();
            says_at(self.range(end, end), format!("`{opened}` is never closed"))
                .help(format!("add the closing `{closed}`"))
        } else {
            self.says(0, format!("`,` or `{closed}` is expected here"))
                .help(format!("separate the parts by `,`, close with `{closed}`, or quote a value that holds `{{`, `[` or `,`"))
        };
        match self.open {
            Some(open) => {
                finding.label(self.range(open, open + 1), format!("`{opened}` opened here"))
            }
            None => finding,
        }
    }

    fn no_value(&self) -> Diagnostic {
        if self.rest().trim().is_empty() && self.open.is_some() {
            let open = self.open.unwrap_or_default();
            let (opened, closed) =
                if self.text.as_bytes().get(open) == Some(&b'{') { ('{', '}') } else { ('[', ']') };
            return self.bracket(opened, closed);
        }
        let found = self.first_char();
        self.says(1, format!("a value is expected before `{found}`"))
            .help(format!("add the value, or quote `{found}` where it is part of one"))
    }

    fn second_colon(&self) -> Diagnostic {
        let line = self.before().get(self.line_start()..).unwrap_or_default();
        match line.find(": ").or_else(|| line.find(":\t")) {
            Some(colon) => {
                let value = line.get(colon + 1..).unwrap_or_default();
                let start =
                    self.line_start() + colon + 1 + (value.len() - value.trim_start().len());
                let whole = self.value_to_line_end(start);
                let quoted = single_quoted(self.slice(whole));
                self.says(1, "a second `:` on the same line")
                    .help("quote the value where the `:` is part of it, or put the inner key on the next line")
                    .fix("quote the value", Safety::Suggestion, whole, quoted)
            }
            None if self.line_above().is_some_and(has_tight_colon) => {
                Self { at: self.line_start(), ..*self }.no_colon()
            }
            None => self.says(1, "a key cannot stand here").help(
                "indent this line like the keys around it; the value above it is already complete",
            ),
        }
    }

    /// The text before the place should have been a key.
    fn no_colon(&self) -> Diagnostic {
        let end = self.before().trim_end().len();
        let before = self.text.get(..end).unwrap_or_default();
        let start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let line = before.get(start..).unwrap_or_default();
        let line = line.find(" #").and_then(|end| line.get(..end)).unwrap_or(line).trim_end();
        let word = line.trim_start().trim_start_matches("- ").trim_start();
        let span = self.range(start + line.len() - word.len(), start + line.len());
        if let Some(colon) = word.find(':').filter(|colon| colon + 1 < word.len()) {
            let after =
                self.range(span.start as usize + colon + 1, span.start as usize + colon + 1);
            return says_at(span, "a space is missing after `:`")
                .help("write a space after the colon")
                .fix("add a space", Safety::Suggestion, after, " ");
        }
        let name: String = word.chars().take(60).collect();
        says_at(span, format!("`:` is missing after `{name}`"))
            .help("add `:` and a value, or indent the line where it goes on the value above")
    }
}

fn says_at(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, span, message)
}

/// The first tab in the leading blanks of a line of `text`.
fn leading_tab(text: &str) -> Option<usize> {
    let mut leading = true;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' | b'\r' => leading = true,
            b' ' => {}
            b'\t' if leading => return Some(at),
            _ => leading = false,
        }
    }
    None
}

/// Whether a line holds `key:value` and no `key: value`.
fn has_tight_colon(line: &str) -> bool {
    let colon = line.find(':').filter(|colon| colon + 1 < line.len());
    colon.is_some() && !line.contains(": ")
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double_quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
