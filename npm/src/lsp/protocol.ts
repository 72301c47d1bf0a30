// Between the compiler's data and the Language Server Protocol's. Both count lines from 0 and columns in UTF-16 units.

import { diffLines } from "diff";
import {
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  InsertTextFormat,
  MarkupKind,
  type Range,
  type SemanticTokens,
  SemanticTokensBuilder,
  type SemanticTokensLegend,
  SemanticTokenTypes,
  SymbolKind,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Fold, Highlight } from "../compiler/api.js";
import type * as core from "../types.js";

/** Gives the URI that the client knows a source by. */
export type UriOf = (file: string) => string;

export function toRange({ start, end }: core.Range): Range {
  return { start: { line: start.line, character: start.column }, end: { line: end.line, character: end.column } };
}

export function toPosition({ line, character }: Range["start"]): core.Position {
  return { line, column: character };
}

export function toTextEdit({ range, text }: core.Edit): TextEdit {
  return { range: toRange(range), newText: text };
}

const NOWHERE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
const SEVERITIES = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, note: DiagnosticSeverity.Information };

/** A finding. What to do and background stand below the message, since clients show nothing else. */
export function toDiagnostic(found: core.Diagnostic, uriOf: UriOf): Diagnostic {
  const more = [...(found.help === undefined ? [] : [`help: ${found.help}`]), ...(found.notes ?? []).map((note) => `note: ${note}`)];
  return {
    range: found.range === undefined ? NOWHERE : toRange(found.range),
    severity: SEVERITIES[found.severity],
    code: found.code,
    codeDescription: { href: new URL(`../codes/${found.code}.md`, import.meta.url).href },
    source: "schemagen",
    message: [found.text === undefined ? found.message : `${found.message}: ${found.text}`, ...more].join("\n"),
    relatedInformation: (found.labels ?? []).map(({ file, range, text }) => ({
      location: { uri: uriOf(file), range: toRange(range) },
      message: text,
    })),
  };
}

/** Edits of several files. */
export function toWorkspaceEdit(edits: core.Edit[], uriOf: UriOf): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) (changes[uriOf(edit.file)] ??= []).push(toTextEdit(edit));
  return { changes };
}

/** The repairs of a finding. */
export function toFixes(found: core.Diagnostic, uriOf: UriOf): CodeAction[] {
  return (found.fixes ?? []).map((fix) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    isPreferred: fix.safe,
    diagnostics: [toDiagnostic(found, uriOf)],
    edit: toWorkspaceEdit(fix.edits, uriOf),
  }));
}

/** All safe repairs at once; of two at the same place the first. */
export function toFixAll(all: core.Diagnostic[], uriOf: UriOf): CodeAction[] {
  const edits: core.Edit[] = [];
  for (const found of all) {
    const fix = found.fixes?.find(({ safe }) => safe);
    const isFree = fix?.edits.every((edit) => !edits.some((other) => other.file === edit.file && touches(toRange(other.range), toRange(edit.range))));
    if (fix !== undefined && isFree) edits.push(...fix.edits);
  }
  return edits.length === 0 ? [] : [{ title: "make all safe repairs", kind: CodeActionKind.SourceFixAll, edit: toWorkspaceEdit(edits, uriOf) }];
}

/** Whether two ranges have a place in common, be it their ends. */
export function touches(a: Range, b: Range): boolean {
  const before = (x: Range["start"], y: Range["start"]): boolean => x.line < y.line || (x.line === y.line && x.character <= y.character);
  return before(a.start, b.end) && before(b.start, a.end);
}

const COMPLETIONS: Record<core.Completion["kind"], CompletionItemKind> = {
  key: CompletionItemKind.Property,
  word: CompletionItemKind.EnumMember,
  table: CompletionItemKind.Class,
  view: CompletionItemKind.Class,
  column: CompletionItemKind.Field,
  type: CompletionItemKind.TypeParameter,
  label: CompletionItemKind.EnumMember,
  function: CompletionItemKind.Function,
  role: CompletionItemKind.Constant,
  schema: CompletionItemKind.Module,
  sequence: CompletionItemKind.Value,
  mixin: CompletionItemKind.Interface,
};

/** Something that could be typed, at its place in the list. */
export function toCompletion(item: core.Completion, index: number, snippets: boolean): CompletionItem {
  const edit = toTextEdit(item.edit);
  return {
    label: item.label,
    kind: COMPLETIONS[item.kind] ?? CompletionItemKind.Text,
    detail: item.detail,
    documentation: { kind: MarkupKind.Markdown, value: item.docs },
    sortText: String(index).padStart(5, "0"),
    insertTextFormat: snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: snippets ? edit : { ...edit, newText: plainText(edit.newText) },
    ...(item.indent === undefined ? {} : { additionalTextEdits: [toTextEdit(item.indent)] }),
  };
}

/** A snippet without its places to go to. */
function plainText(snippet: string): string {
  return snippet
    .replace(/(?<!\\)\$(?:\d+|\{\d+(?::((?:\\.|[^\\}])*))?\})/g, (_, text: string | undefined) => text ?? "")
    .replace(/\\([\\$}])/g, "$1");
}

const SYMBOLS: Record<string, SymbolKind> = {
  table: SymbolKind.Class,
  view: SymbolKind.Class,
  column: SymbolKind.Field,
  enum: SymbolKind.Enum,
  label: SymbolKind.EnumMember,
  domain: SymbolKind.TypeParameter,
  type: SymbolKind.Struct,
  index: SymbolKind.Key,
  constraint: SymbolKind.Key,
  function: SymbolKind.Function,
  trigger: SymbolKind.Event,
  policy: SymbolKind.Operator,
  mixin: SymbolKind.Interface,
};

export function toSymbolKind(kind: string): SymbolKind {
  return SYMBOLS[kind] ?? SymbolKind.Object;
}

export function toSymbol(symbol: core.DocumentSymbol): DocumentSymbol {
  return {
    name: symbol.name || symbol.kind,
    detail: symbol.kind,
    kind: toSymbolKind(symbol.kind),
    range: toRange(symbol.range),
    selectionRange: toRange(symbol.nameRange),
    children: symbol.children.map(toSymbol),
  };
}

const HIGHLIGHTS: Record<string, SemanticTokenTypes> = {
  keyword: SemanticTokenTypes.keyword,
  string: SemanticTokenTypes.string,
  number: SemanticTokenTypes.number,
  comment: SemanticTokenTypes.comment,
  function: SemanticTokenTypes.function,
  type: SemanticTokenTypes.type,
  relation: SemanticTokenTypes.class,
  column: SemanticTokenTypes.property,
  label: SemanticTokenTypes.enumMember,
  schema: SemanticTokenTypes.namespace,
  variable: SemanticTokenTypes.variable,
};
const HIGHLIGHT_KINDS = Object.keys(HIGHLIGHTS);

/** What words may be, as clients colour them. */
export const LEGEND: SemanticTokensLegend = { tokenTypes: Object.values(HIGHLIGHTS), tokenModifiers: [] };

/** The words of a file, or of the lines of `range`. */
export function toTokens(highlights: Highlight[], range?: Range): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  for (const { line, column, length, kind } of highlights) {
    const isWanted = range === undefined || (line >= range.start.line && line <= range.end.line);
    if (isWanted) builder.push(line, column, length, HIGHLIGHT_KINDS.indexOf(kind), 0);
  }
  return { data: builder.build().data };
}

const FOLDS = { block: {}, comment: { kind: FoldingRangeKind.Comment }, region: { kind: FoldingRangeKind.Region } };

/** Folds; where there are more than `limit`, the longest of them. */
export function toFolds(folds: Fold[], limit = Number.POSITIVE_INFINITY): FoldingRange[] {
  const length = ({ firstLine, lastLine }: Fold): number => lastLine - firstLine;
  const kept = folds.length <= limit ? folds : folds.toSorted((a, b) => length(b) - length(a)).slice(0, limit);
  return kept.map(({ firstLine, lastLine, kind }) => ({ startLine: firstLine, endLine: lastLine, ...FOLDS[kind] }));
}

/** The edits that make `before` to `after`, a changed run of lines each, so that cursors and folds stay. */
export function lineEdits(before: string, after: string): TextEdit[] {
  const edits: TextEdit[] = [];
  let line = 0;
  let open: TextEdit | undefined;
  for (const part of diffLines(before, after)) {
    if (!part.added && !part.removed) {
      line += part.count;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { range: { start: { line, character: 0 }, end: { line, character: 0 } }, newText: "" };
      edits.push(open);
    }
    if (part.added) open.newText += part.value;
    else {
      line += part.count;
      const last = part.value.slice(part.value.lastIndexOf("\n") + 1);
      open.range.end = last === "" ? { line, character: 0 } : { line: line - 1, character: last.length };
    }
  }
  return edits;
}
