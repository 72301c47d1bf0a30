//! The formatter: the same file with even indentation and spacing.
//!
//! In: a text. Out: the text with two columns a level, one space where one belongs, no blanks at line
//! ends, at most one blank line, one between sections of several lines, and no quotes around plain words.
//! Comments, braces or lines, line ends and everything inside of texts and SQL stay as they are. What
//! would not read back the same is left as it was.

use std::collections::BTreeSet;

use super::habits::{column, line_start};
use super::insert::says_the_same;
use super::lexer::{Sign, Token, tokens};
use super::value::is_word_of_yaml_1_1;
use crate::diagnostic::Diagnostics;
use crate::sort;
use crate::source::{FileId, Source};
use crate::syntax::{self, Node, NodeKind, ScalarKind, ScalarStyle, plain_kind};

/// Columns from a level to the next.
const INDENT: usize = 2;

/// The text of `source` with even indentation and spacing, or why it cannot be read; `file` is for the
/// places of those findings.
pub fn format(file: FileId, source: &Source) -> Result<String, Diagnostics> {
    let syntax::Reading { tree: root, findings, .. } = syntax::read(file, source);
    if findings.has_errors() {
        return Err(findings);
    }
    let text = &*source.text;
    let tokens = tokens(text, &root);
    let has_crlf = text.matches("\r\n").count() * 2 > text.matches('\n').count();
    let layout = Formatter {
        text,
        tokens: &tokens,
        line_break: if has_crlf { "\r\n" } else { "\n" },
        is_json: text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']),
        tall_sections: tall_sections(text, &root),
        blocks: Vec::new(),
        brackets: Vec::new(),
        line: Line::default(),
        section: None,
        out: String::with_capacity(text.len() + text.len() / 8),
    };
    let formatted = layout.run();
    let (again, findings) = syntax::parse(file, &formatted);
    let is_safe = !findings.has_errors() && says_the_same(&root, &again);
    Ok(if is_safe { formatted } else { text.to_owned() })
}

/// Where the keys of sections stand that take several lines.
fn tall_sections(text: &str, root: &Node) -> BTreeSet<usize> {
    let NodeKind::Map(entries) = &root.kind else { return BTreeSet::new() };
    let is_tall =
        |start: usize, end: usize| text.get(start..end).is_some_and(|it| it.contains('\n'));
    let places =
        entries.iter().map(|entry| (entry.key_span.range().start, entry.value.span.range().end));
    sort::set(places.filter(|(start, end)| is_tall(*start, *end)).map(|(start, _)| start))
}

/// A list or map of lines that is open.
#[derive(Debug, Clone, Copy)]
struct Block {
    is_list: bool,
    /// The column of its keys or dashes as they were.
    old: usize,
    /// The column that they get.
    new: usize,
}

/// The line that is being written.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    /// Where it began, and begins now.
    old: usize,
    new: usize,
    /// What brackets that open on it are indented against.
    base: usize,
}

struct Formatter<'a> {
    text: &'a str,
    tokens: &'a [Token],
    line_break: &'static str,
    is_json: bool,
    tall_sections: BTreeSet<usize>,
    blocks: Vec<Block>,
    /// The base of the line on which each open bracket stands.
    brackets: Vec<usize>,
    line: Line,
    /// Whether the section before was tall, where there was one.
    section: Option<bool>,
    out: String,
}

impl<'a> Formatter<'a> {
    fn run(mut self) -> String {
        if self.text.starts_with('\u{feff}') {
            self.out.push('\u{feff}');
        }
        let mut comments: Vec<usize> = Vec::new();
        for (index, token) in self.tokens.iter().enumerate() {
            let begins_line = index == 0 || self.gap(index).contains('\n');
            if token.sign == Sign::Comment && begins_line {
                comments.push(index);
                continue;
            }
            if begins_line {
                self.begin_line(index, &std::mem::take(&mut comments));
            } else {
                let space = self.space(index);
                self.out.push_str(space);
                if self.sign(index.wrapping_sub(1)) == Some(Sign::Dash) {
                    self.open_item(index);
                }
            }
            self.write(index);
        }
        let deepest = self.blocks.clone();
        for index in comments {
            let old = self.column(index);
            let new = deepest.iter().rfind(|block| block.old <= old).map_or(0, |block| block.new);
            self.comment(index, new, false);
        }
        self.finish()
    }

    fn finish(mut self) -> String {
        let last = self.tokens.last();
        let is_block = matches!(
            last.map(|token| token.sign),
            Some(Sign::Scalar(ScalarStyle::Literal | ScalarStyle::Folded) | Sign::Header)
        );
        let rest = last.map_or("", |token| self.text.get(token.end..).unwrap_or_default());
        // The line breaks at the end of a block scalar are a part of it.
        let breaks =
            if is_block { rest.matches('\n').count() } else { usize::from(last.is_some()) };
        for _ in 0..breaks {
            self.out.push_str(self.line_break);
        }
        self.out
    }

    /// Starts the line of the token `index`, below the comments before it.
    fn begin_line(&mut self, index: usize, comments: &[usize]) {
        let old = self.column(index);
        let above = self.blocks.clone();
        let is_header_before = self.sign(index.wrapping_sub(1)) == Some(Sign::Header);
        if is_header_before && matches!(self.sign(index), Some(Sign::Scalar(_))) {
            // The blank lines before the first line of a block scalar are a part of it.
            for _ in 0..self.gap(index).matches('\n').count() {
                self.out.push_str(self.line_break);
            }
            return;
        }
        let is_inside = !self.brackets.is_empty();
        let is_close = self.sign(index) == Some(Sign::Close);
        let new = match self.brackets.last() {
            Some(base) if is_close => *base,
            Some(base) => base + INDENT,
            None => self.block_column(index, old),
        };
        let column_of = |own: usize| {
            if is_inside {
                return if is_close { new + INDENT } else { new };
            }
            if own == old {
                return new;
            }
            let same = above.iter().rfind(|block| block.old == own);
            let outer = above.iter().rfind(|block| block.old <= own && block.old > old);
            same.or(outer).map_or(new, |block| block.new)
        };
        let columns: Vec<usize> =
            comments.iter().map(|comment| column_of(self.column(*comment))).collect();
        let mut wants_blank = self.begins_section(index, new);
        let first = comments.first().copied().unwrap_or(index);
        if (first..=index).any(|token| self.has_blank_before(token)) {
            wants_blank = false;
        }
        for (comment, column) in comments.iter().zip(columns) {
            self.comment(*comment, column, wants_blank && column == 0);
            wants_blank &= column != 0;
        }
        self.break_line(index, wants_blank);
        self.out.extend(std::iter::repeat_n(' ', new));
        self.line = Line { old, new, base: new };
    }

    /// Whether a blank line belongs before the token, which begins a line at column `new`.
    fn begins_section(&mut self, index: usize, new: usize) -> bool {
        let is_section =
            self.brackets.is_empty() && new == 0 && self.is_key(index) && self.blocks.len() == 1;
        let Some(token) = self.tokens.get(index).filter(|_| is_section) else { return false };
        let is_tall = self.tall_sections.contains(&token.start);
        let before = self.section.replace(is_tall);
        before.is_some_and(|was_tall| was_tall || is_tall)
    }

    /// The column of a token that begins a line outside of brackets; opens and closes blocks.
    fn block_column(&mut self, index: usize, old: usize) -> usize {
        let sign = self.sign(index);
        if sign == Some(Sign::Marker) {
            self.blocks.clear();
            self.section = None;
            return 0;
        }
        let is_dash = sign == Some(Sign::Dash);
        let is_entry = self.is_key(index) || matches!(sign, Some(Sign::Question | Sign::Colon));
        while let Some(block) = self.blocks.last() {
            let is_done = if is_dash {
                block.old > old
            } else if is_entry {
                block.old > old || (block.is_list && block.old >= old)
            } else {
                block.old >= old
            };
            if !is_done {
                break;
            }
            self.blocks.pop();
        }
        if !is_dash && !is_entry {
            return self.below();
        }
        match self.blocks.last() {
            Some(block) if block.old == old && block.is_list == is_dash => block.new,
            _ => self.open_block(is_dash, old, self.below()),
        }
    }

    /// The column below the innermost block.
    fn below(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.new + INDENT)
    }

    fn open_block(&mut self, is_list: bool, old: usize, new: usize) -> usize {
        self.blocks.push(Block { is_list, old, new });
        new
    }

    /// Opens the block that begins behind a dash, if one does.
    fn open_item(&mut self, index: usize) {
        let is_dash = self.sign(index) == Some(Sign::Dash);
        self.line.base = self.below();
        if self.brackets.is_empty() && (is_dash || self.is_key(index)) {
            self.open_block(is_dash, self.column(index), self.below());
        }
    }

    /// Whether the token begins an entry: a key, maybe behind an anchor or a tag, and a colon.
    fn is_key(&self, index: usize) -> bool {
        let mut at = index;
        while self.sign(at) == Some(Sign::Property)
            && self.is_beside(at + 1)
            && self.sign(at + 1) != Some(Sign::Colon)
        {
            at += 1;
        }
        matches!(self.sign(at), Some(Sign::Scalar(_) | Sign::Property))
            && self.sign(at + 1) == Some(Sign::Colon)
            && self.is_beside(at + 1)
    }

    /// The blanks before a token that does not begin a line.
    fn space(&self, index: usize) -> &'static str {
        let (Some(before), Some(token)) = (self.sign(index.wrapping_sub(1)), self.sign(index))
        else {
            return "";
        };
        let inside = |at: usize| if self.piece(at).starts_with(['[', ']']) { "" } else { " " };
        match (before, token) {
            (_, Sign::Comment | Sign::Comma) | (Sign::Open, Sign::Close) => "",
            (Sign::Open, _) => inside(index - 1),
            (_, Sign::Close) => inside(index),
            (Sign::Property | Sign::Question, Sign::Colon)
                if !self.piece(index - 1).starts_with("<<") =>
            {
                " "
            }
            (_, Sign::Colon) => "",
            (
                Sign::Comma
                | Sign::Colon
                | Sign::Dash
                | Sign::Question
                | Sign::Property
                | Sign::Marker,
                _,
            ) => " ",
            (Sign::Scalar(_) | Sign::Close | Sign::Header | Sign::Comment, _) => {
                if self.gap(index).is_empty() { "" } else { " " }
            }
        }
    }

    fn write(&mut self, index: usize) {
        let Some(token) = self.tokens.get(index).copied() else { return };
        let piece = self.piece(index);
        match token.sign {
            Sign::Comment => {
                self.out.push_str(self.gap(index));
                self.out.push_str(piece.trim_end());
            }
            Sign::Open => {
                self.brackets.push(self.line.base);
                self.out.push_str(piece);
            }
            Sign::Close => {
                self.brackets.pop();
                self.out.push_str(piece);
            }
            Sign::Scalar(ScalarStyle::Literal | ScalarStyle::Folded) => self.block_scalar(index),
            Sign::Scalar(_) => self.flow_scalar(index),
            Sign::Comma
            | Sign::Colon
            | Sign::Dash
            | Sign::Question
            | Sign::Property
            | Sign::Header
            | Sign::Marker => {
                self.out.push_str(piece);
            }
        }
    }

    /// A plain or quoted scalar; its further lines move with the first.
    fn flow_scalar(&mut self, index: usize) {
        let piece = self.piece(index);
        if let Some(word) = self.plain_word(piece) {
            self.out.push_str(word);
            return;
        }
        let least = self.brackets.last().map_or_else(|| self.below(), |base| base + INDENT);
        for (number, line) in piece.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if number == 0 {
                self.out.push_str(line);
                continue;
            }
            self.out.push_str(self.line_break);
            let content = line.trim_start_matches([' ', '\t']);
            if !content.is_empty() {
                let indent = line.len() - content.len() + self.line.new;
                let indent = indent.saturating_sub(self.line.old).max(least);
                self.out.extend(std::iter::repeat_n(' ', indent));
                self.out.push_str(content);
            }
        }
    }

    /// The word inside of quotes that say nothing.
    fn plain_word<'p>(&self, piece: &'p str) -> Option<&'p str> {
        let quote = piece.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let word = piece.strip_prefix(quote)?.strip_suffix(quote)?;
        let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let is_text = plain_kind(word) == ScalarKind::Str && !is_word_of_yaml_1_1(word);
        (is_word && is_text && !self.is_json).then_some(word)
    }

    /// The lines of a block scalar, moved as one.
    fn block_scalar(&mut self, index: usize) {
        let Some(token) = self.tokens.get(index).copied() else { return };
        let header = self.piece(index.wrapping_sub(1));
        let digit = header.chars().find_map(|c| c.to_digit(10)).map(|digit| digit as usize);
        let parent = self.blocks.last().copied();
        let (old, new) = match (parent, digit) {
            (Some(parent), Some(digit)) => (parent.old + digit, parent.new + digit),
            (Some(_), None) => (self.column(index), self.below()),
            (None, _) => (self.column(index), self.column(index)),
        };
        let start = line_start(self.text, token.start);
        let lines = self.text.get(start..token.end).unwrap_or_default();
        for (number, line) in lines.split('\n').enumerate() {
            if number > 0 {
                self.out.push_str(self.line_break);
            }
            let line = line.strip_suffix('\r').unwrap_or(line);
            let content = line.trim_start_matches(' ');
            let indent = line.len() - content.len();
            if !content.is_empty() || indent > old {
                self.out.extend(std::iter::repeat_n(' ', (indent + new).saturating_sub(old)));
                self.out.push_str(content);
            }
        }
    }

    /// A comment on a line of its own.
    fn comment(&mut self, index: usize, column: usize, wants_blank: bool) {
        self.break_line(index, wants_blank);
        self.out.extend(std::iter::repeat_n(' ', column));
        self.out.push_str(self.piece(index).trim_end());
    }

    /// Ends the line before the token, and keeps one blank line of those that stood between.
    fn break_line(&mut self, index: usize, wants_blank: bool) {
        if index == 0 {
            return;
        }
        let breaks = self.gap(index).matches('\n').count();
        // Below `|+`, blank lines belong to the text.
        let is_kept = matches!(
            self.sign(index - 1),
            Some(Sign::Scalar(ScalarStyle::Literal | ScalarStyle::Folded))
        ) && self.piece(index.saturating_sub(2)).contains('+');
        let count = if is_kept { breaks } else { breaks.min(2).max(1 + usize::from(wants_blank)) };
        for _ in 0..count {
            self.out.push_str(self.line_break);
        }
    }

    fn has_blank_before(&self, index: usize) -> bool {
        self.gap(index).matches('\n').count() > 1
    }

    /// Whether the token stands on the line of the one before it.
    fn is_beside(&self, index: usize) -> bool {
        !self.gap(index).contains('\n')
    }

    /// What lies between a token and the one before it.
    fn gap(&self, index: usize) -> &'a str {
        let before = index.checked_sub(1).and_then(|index| self.tokens.get(index));
        let end = self.tokens.get(index).map_or(self.text.len(), |token| token.start);
        self.text.get(before.map_or(0, |token| token.end)..end).unwrap_or_default()
    }

    fn piece(&self, index: usize) -> &'a str {
        let token = self.tokens.get(index);
        token.and_then(|token| self.text.get(token.start..token.end)).unwrap_or_default()
    }

    fn sign(&self, index: usize) -> Option<Sign> {
        self.tokens.get(index).map(|token| token.sign)
    }

    fn column(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(0, |token| column(self.text, token.start))
    }
}
