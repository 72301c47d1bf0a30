// How editors look and what keys do in them. In: a language. Out: CodeMirror extensions; colours come from the style sheet,
// by class.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentService, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { dbml, mermaid, rust } from "./languages.js";

/** Languages by the endings of files; others are plain text. */
const LANGUAGES: Record<string, () => Extension> = {
  yaml: () => [yaml(), belowKeys],
  yml: () => [yaml(), belowKeys],
  json: () => json(),
  sql: () => sql({ dialect: PostgreSQL }),
  ts: () => javascript({ typescript: true }),
  js: () => javascript(),
  py: () => python(),
  rs: rust,
  dbml,
  mmd: mermaid,
};

/** In YAML, what follows a key without a value belongs to it. */
const belowKeys = indentService.of((context, at) => {
  const { text } = context.lineAt(at, -1);
  return /^[^#]*:\s*(#.*)?$/.test(text) ? /^\s*(- +)*/.exec(text)![0].length + context.unit : undefined;
});

/** The language of the file at `path`. */
export function language(path: string): Extension {
  return LANGUAGES[path.slice(path.lastIndexOf(".") + 1)]?.() ?? [];
}

/** The nonce by which the page's policy allows CodeMirror's own style sheet. */
export function styleNonce(): Extension {
  const style = document.querySelector<HTMLElement>("[data-style-nonce]");
  return EditorView.cspNonce.of(style?.nonce || style?.dataset.styleNonce || "");
}

const LOOK: Extension = [
  lineNumbers(),
  codeFolding(),
  foldGutter({ openText: "⌄", closedText: "›" }),
  drawSelection(),
  EditorState.allowMultipleSelections.of(true),
  syntaxHighlighting(classHighlighter),
  bracketMatching(),
  highlightSelectionMatches(),
  search({ top: true }),
];

/** What every editor has; `label` is what screen readers call it. */
export function editing(label: string): Extension {
  return [
    LOOK,
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    dropCursor(),
    indentOnInput(),
    indentUnit.of("  "),
    closeBrackets(),
    rectangularSelection(),
    crosshairCursor(),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
  ];
}

/** What every viewer of outputs has. */
export function viewing(): Extension {
  return [
    LOOK,
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    keymap.of([...defaultKeymap, ...searchKeymap, ...foldKeymap]),
    EditorView.contentAttributes.of({ "aria-label": "Output", tabindex: "0" }),
  ];
}
