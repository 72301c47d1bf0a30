// The languages of outputs for which nobody keeps a small grammar. In: what their words look like. Out: CodeMirror extensions
// that colour a file word by word, which is enough for files that are only looked at.

import { StreamLanguage } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

/** What a word looks like, what it is to the highlighter, and whether that is so at the begin of a line only. */
type Word = [look: RegExp, kind: string | null, where?: "first"];

/** The first that fits says what a word is. */
function words(all: Word[]): Extension {
  return StreamLanguage.define({
    token(stream) {
      if (stream.eatSpace()) return null;
      const isFirst = stream.column() === stream.indentation();
      for (const [look, kind, where] of all) if ((where === undefined || isFirst) && stream.match(look)) return kind;
      stream.next();
      return null;
    },
  });
}

/** DBML: tables, enums and references, names in double quotes, SQL in backticks. */
export const dbml = (): Extension =>
  words([
    [/\/\/.*/, "comment"],
    [/'(?:[^'\\]|\\.)*'/, "string"],
    [/`[^`]*`/, "string"],
    [/"(?:[^"\\]|\\.)*"/, "propertyName"],
    [/(?:Project|TableGroup|Table|Enum|Ref|indexes|checks)\b/, "keyword"],
    [/(?:pk|increment|unique|not null|null|default|name|note|type|delete|update|headercolor|database_type)\b/, "keyword"],
    [/(?:true|false|cascade|restrict|set null|set default|no action)\b/, "atom"],
    [/-?\d[\d.]*/, "number"],
    [/[A-Za-z_]\w*/, "typeName"],
  ]);

/** Mermaid's entity diagrams: a type, a name and keys a line, relations between names. */
export const mermaid = (): Extension =>
  words([
    [/%%.*/, "comment"],
    [/erDiagram\b/, "keyword", "first"],
    [/[|}o]{2}(?:--|\.\.)[|{o]{2}/, "keyword"],
    [/"[^"]*"/, "propertyName", "first"],
    [/"[^"]*"/, "string"],
    [/[^\s{}":]+/, "typeName", "first"],
    [/(?:PK|FK|UK)\b/, "keyword"],
    [/[^\s{}":,]+/, "propertyName"],
  ]);

/** Markdown. */
export const markdown = (): Extension =>
  words([
    [/#{1,6}\s.*/, "heading", "first"],
    [/(?:```.*|-{3,}$|>)/, "meta", "first"],
    [/(?:[-*+]|\d+\.)\s/, "keyword", "first"],
    [/<!--.*?-->/, "comment"],
    [/`[^`]*`/, "string"],
    [/\*\*[^*]+\*\*/, "strong"],
    [/\[[^\]]*\]\([^)]*\)/, "link"],
    [/\|[-:|\s]*/, "punctuation"],
    [/\\./, null],
    [/[^\s`*[\]|<\\]+/, null],
  ]);

/** XML. */
export const xml = (): Extension =>
  words([
    [/<!--.*?-->/, "comment"],
    [/<[?!].*?>/, "meta"],
    [/<\/?[\w:-]+|\/?>/, "keyword"],
    [/[\w:-]+(?==")/, "propertyName"],
    [/"[^"]*"/, "string"],
    [/&\w+;/, "atom"],
    [/[^\s<>&"]+/, null],
  ]);

/** Rust. */
export const rust = (): Extension =>
  words([
    [/\/\/.*/, "comment"],
    [/#!?\[.*?\](?=\s|$)/, "meta"],
    [/"(?:[^"\\]|\\.)*"/, "string"],
    [/'[a-z_]\w*\b(?!')/, "atom"],
    [
      /(?:as|async|await|break|const|crate|dyn|else|enum|fn|for|if|impl|in|let|loop|macro_rules|match|mod|move|mut|pub|ref|return|self|static|struct|super|trait|type|unsafe|use|where|while)\b/,
      "keyword",
    ],
    [/(?:true|false|None|Some|Ok|Err)\b/, "atom"],
    [/\d[\w.]*/, "number"],
    [/[A-Z]\w*|(?:bool|char|str|[iuf](?:8|16|32|64|128|size))\b/, "typeName"],
    [/\w+(?=\s*:[^:])/, "propertyName"],
    [/\w+!?/, null],
  ]);
