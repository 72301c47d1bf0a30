// Help while people type: completion, documentation under the pointer, the way to a definition. In: questions that the
// compiler answers. Out: CodeMirror extensions for the file of this name.

import { autocompletion, type Completion as Option, type CompletionContext, type CompletionResult, snippet } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";
import type { Compiler } from "../compiler/client.js";
import type { Completion, Location } from "../compiler/protocol.js";
import { change, offset, position, span } from "./positions.js";

/** Completion, hover and definitions in `file`; `goTo` shows a place. */
export function assistance(compiler: Compiler, file: string, goTo: (place: Location) => void): Extension {
  const toDefinition = (view: EditorView, at = view.state.selection.main.head): boolean => {
    void compiler.ask("definition", file, position(view.state.doc, at)).then((place) => place && goTo(place));
    return true;
  };
  return [
    autocompletion({ override: [(context) => complete(compiler, file, context)], icons: false, maxRenderedOptions: 60 }),
    hoverTooltip((view, at) => hover(compiler, file, view, at), { hoverTime: 250 }),
    keymap.of([{ key: "F12", run: (view) => toDefinition(view) }]),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (!(event.ctrlKey || event.metaKey) || event.button !== 0) return false;
        const at = view.posAtCoords(event);
        return at !== null && toDefinition(view, at);
      },
    }),
  ];
}

async function complete(compiler: Compiler, file: string, context: CompletionContext): Promise<CompletionResult | null> {
  // Within a text nobody asks for help by typing a space.
  if (!context.explicit && context.matchBefore(/[\w.:[{,(\-] ?$/) === null) return null;
  const { doc } = context.state;
  const found = await compiler.ask("complete", file, position(doc, context.pos));
  const [first] = found;
  if (first === undefined || context.aborted) return null;
  const from = offset(doc, first.edit.range.start);
  if (!context.explicit && from === context.pos && context.matchBefore(/[:[{,(\-] $/) === null) return null;
  return { from, options: found.map((it, at) => option(it, found.length - at)), validFor: /^[\w$.]*$/ };
}

function option(it: Completion, rank: number): Option {
  return {
    label: it.label,
    // The compiler's order decides between what fits equally well.
    boost: Math.min(99, rank / 10),
    ...(it.detail && { detail: it.detail }),
    ...(it.docs && { info: () => documentation(it.docs) }),
    apply: (view, _, from, to) => insert(view, it, from, to),
  };
}

/** The reader of Markdown comes when there is something to read. */
async function documentation(text: string): Promise<HTMLElement> {
  const { markdown } = await import("./markdown.js");
  const box = document.createElement("div");
  box.className = "docs";
  box.append(markdown(text));
  return box;
}

/** Writes a completion. Its lines bring their indentation; CodeMirror's snippets add that of the line, so it is taken off. */
function insert(view: EditorView, it: Completion, from: number, to: number): void {
  if (it.indent !== undefined) {
    const changes = view.state.changes(change(view.state.doc, it.indent));
    view.dispatch({ changes });
    [from, to] = [changes.mapPos(from, 1), changes.mapPos(to, 1)];
  }
  const indentation = /^\s*/.exec(view.state.doc.lineAt(from).text)![0];
  const text = it.edit.text
    .replaceAll(`\n${indentation}`, "\n")
    .replaceAll("$0", "${}")
    .replaceAll("\\$", "$");
  snippet(text)(view, null, from, to);
}

async function hover(compiler: Compiler, file: string, view: EditorView, at: number): Promise<Tooltip | null> {
  const { doc } = view.state;
  const found = await compiler.ask("hover", file, position(doc, at));
  if (found === undefined) return null;
  const dom = await documentation(found.text);
  // CodeMirror takes a tooltip away when the mouse leaves, so one that comes later would stay.
  if (view.state.doc !== doc || !view.dom.matches(":hover")) return null;
  const { from, to } = span(doc, found.range);
  return { pos: from, end: to, above: true, create: () => ({ dom }) };
}
