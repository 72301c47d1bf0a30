//! Byte offsets to lines and columns.
//!
//! In: a text. Out: positions in the encoding that the caller asks for. The only place in the project
//! that converts offsets: everything else speaks of bytes.

/// What a column counts. Editors speak UTF-16 (LSP, JavaScript), terminals characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionEncoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units.
    Utf16,
    /// Unicode scalar values.
    Chars,
}

/// A place for people and editors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// From 0.
    pub line: u32,
    /// From 0, in the encoding asked for.
    pub column: u32,
}

/// The starts of a text's lines. Lines end at `\n`; a `\r` before it belongs to the line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
    ascii: bool,
}

impl LineIndex {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect();
        Self { starts, ascii: text.is_ascii() }
    }

    /// The line and column of byte `offset`, clamped to the text; an offset inside a character counts
    /// as its start. `text` must be the one that the index was made of.
    pub fn position(&self, text: &str, offset: u32, encoding: PositionEncoding) -> LineColumn {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default() as usize;
        let column = if self.ascii {
            offset - start
        } else {
            measure(text.get(start..offset).unwrap_or_default(), encoding)
        };
        LineColumn { line: line as u32, column: column as u32 }
    }

    /// The byte offset of a position, clamped to its line and to the text.
    pub fn offset(&self, text: &str, position: LineColumn, encoding: PositionEncoding) -> u32 {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).map(|start| *start as usize) else {
            return text.len() as u32;
        };
        let end = self.starts.get(line + 1).map_or(text.len(), |next| *next as usize - 1);
        let mut column = 0;
        for (at, character) in text.get(start..end).unwrap_or_default().char_indices() {
            if column >= position.column as usize {
                return (start + at) as u32;
            }
            column += measure(character.encode_utf8(&mut [0; 4]), encoding);
        }
        end as u32
    }

    /// How many lines there are; at least 1.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }
}

fn measure(text: &str, encoding: PositionEncoding) -> usize {
    match encoding {
        PositionEncoding::Utf8 => text.len(),
        PositionEncoding::Utf16 => text.encode_utf16().count(),
        PositionEncoding::Chars => text.chars().count(),
    }
}

/// How many line breaks a text holds. Eight bytes at a time: all that is written is counted, which took a
/// twentieth of all targets' time byte by byte.
pub(crate) fn line_breaks(text: &str) -> u32 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const LOW: u64 = 0x7f * ONES;
    let (words, rest) = text.as_bytes().as_chunks();
    let in_word = |word: &[u8; 8]| {
        let others = u64::from_ne_bytes(*word) ^ (u64::from(b'\n') * ONES);
        // A one in each byte that is a newline.
        !(((others & LOW) + LOW) | others | LOW) >> 7
    };
    // A byte counts the newlines at its place, which of so few words are no more than it holds, all
    // together.
    let in_words = |words: &[[u8; 8]]| {
        let counts: u64 = words.iter().map(in_word).sum();
        (counts.wrapping_mul(ONES) >> 56) as u32
    };
    let in_rest = rest.iter().map(|byte| u32::from(*byte == b'\n'));
    words.chunks(31).map(in_words).chain(in_rest).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_the_encoding_asked_for() {
        let text = "a: 1\r\nb: 😀é x\n";
        let index = LineIndex::new(text);
        let x = text.find('x').unwrap() as u32;
        let column = |encoding| index.position(text, x, encoding).column;
        assert_eq!(column(PositionEncoding::Utf8), 10);
        assert_eq!(column(PositionEncoding::Utf16), 7);
        assert_eq!(column(PositionEncoding::Chars), 6);
        assert_eq!(index.lines(), 3);
    }

    #[test]
    fn offset_is_the_inverse_of_position() {
        let text = "tables:\n  é: 😀\n\nend";
        let index = LineIndex::new(text);
        for encoding in [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Chars] {
            for (at, _) in text.char_indices() {
                let position = index.position(text, at as u32, encoding);
                assert_eq!(index.offset(text, position, encoding), at as u32);
            }
        }
    }

    #[test]
    fn lines_are_counted_wherever_they_end() {
        for text in
            ["", "\n", "a\n\nb", "\u{8a}é\u{b}\n01234567\n\n\n\n\n\n\n\n\n\t", "äö\n€\u{10a0a}"]
        {
            assert_eq!(line_breaks(text) as usize, text.matches('\n').count(), "{text:?}");
            assert_eq!(line_breaks(&"\n".repeat(text.len() * 100)) as usize, text.len() * 100);
        }
    }
}
