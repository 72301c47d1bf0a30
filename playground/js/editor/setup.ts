// How editors look and what keys do in them. In: a language. Out: CodeMirror extensions; colours come from the style sheet,
// by class.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { PostgreSQL, sql, SQLDialect } from "@codemirror/lang-sql";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentService, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
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
  ViewPlugin,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { dbml, markdown, mermaid, rust, xml } from "./languages.js";

/** Languages by the endings of files; others are plain text. */
const LANGUAGES: Record<string, () => Extension> = {
  yaml,
  yml: yaml,
  json: () => json(),
  sql: () => sql({ dialect: DIALECT }),
  ts: () => later(async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true })),
  js: () => later(async () => (await import("@codemirror/lang-javascript")).javascript()),
  py: () => later(async () => (await import("@codemirror/lang-python")).python()),
  rs: rust,
  dbml,
  mmd: mermaid,
  md: markdown,
  svg: xml,
};

/** A language that comes when a file of it is seen; until then, and without a network, the file is plain text. */
function later(load: () => Promise<Extension>): Extension {
  const language = new Compartment();
  const comes = ViewPlugin.define((view) => {
    let isSeen = true;
    const show = (loaded: Extension): void => {
      if (isSeen) view.dispatch({ effects: language.reconfigure(loaded) });
    };
    void load().then(show, () => {});
    return {
      destroy() {
        isSeen = false;
      },
    };
  });
  return [language.of([]), comes];
}

/** Words of the grammar that are mostly names of columns, and not to be coloured as the language's own. */
const NAMES = new Set(
  `id name names label data content message state style level location position path section source owner parameter class scope
  map link size length depth count day hour minute second month year period version session system module method result space
  number rank`.split(/\s+/),
);
const KEYWORDS = PostgreSQL.spec.keywords?.split(" ").filter((word) => !NAMES.has(word));
const DIALECT = SQLDialect.define({ ...PostgreSQL.spec, keywords: KEYWORDS?.join(" ") ?? "" });

/** YAML, of which a key has few units read again: what was read of it for its colours is kept in small pieces. */
function yaml(): Extension {
  return [yamlLanguage.configure({ bufferLength: 64 }), belowKeys];
}

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
  drawSelection({ cursorBlinkRate: 0, drawRangeCursor: false }),
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
