// The viewer of a file that a target wrote. In: the file, or what became of it. Out: it stands there highlighted, with the
// lines marked that the last edit changed, and those that are about what is selected in the editor.

import { EditorState, RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import type { Replacement, Shown } from "../compiler/protocol.js";
import { language, styleNonce, viewing } from "../editor/setup.js";

const setChanged = StateEffect.define<readonly { from: number; to: number }[]>();
const setRelated = StateEffect.define<readonly [number, number][]>();

const changedLine = Decoration.line({ class: "line-changed" });
const relatedLine = Decoration.line({ class: "line-related" });

/** Lines that are decorated until the next effect of `kind`. */
function lines<T>(kind: typeof setChanged | typeof setRelated, decorate: (state: EditorState, value: T) => DecorationSet) {
  return StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update(set, transaction) {
      for (const effect of transaction.effects) if (effect.is(kind as never)) return decorate(transaction.state, effect.value as T);
      return set.map(transaction.changes);
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

const changed = lines<readonly { from: number; to: number }[]>(setChanged, ({ doc }, ranges) => {
  const set = new RangeSetBuilder<Decoration>();
  let last = -1;
  for (const { from, to } of ranges) {
    for (let line = doc.lineAt(Math.min(from, doc.length)); ; line = doc.line(line.number + 1)) {
      if (line.from > last) set.add(line.from, line.from, changedLine);
      last = Math.max(last, line.from);
      if (line.to >= to || line.number === doc.lines) break;
    }
  }
  return set.finish();
});

const related = lines<readonly [number, number][]>(setRelated, relatedTo);

function relatedTo({ doc }: EditorState, ranges: readonly [number, number][]): DecorationSet {
  const at = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index + 1));
  const sorted = [...new Set(at)].filter((line) => line <= doc.lines).sort((a, b) => a - b);
  return Decoration.set(sorted.map((line) => relatedLine.range(doc.line(line).from)));
}

/** A viewer in `host`. */
export class Viewer {
  readonly view: EditorView;
  #path = "";
  readonly #onLine: (line: number) => void;

  /** `onLine` hears of a line from 0 that someone clicks or goes to by keys. */
  constructor(host: HTMLElement, onLine: (line: number) => void) {
    this.#onLine = onLine;
    this.view = new EditorView({ parent: host, state: this.#state("", "") });
  }

  #state(path: string, doc: string): EditorState {
    const listener = EditorView.updateListener.of(({ state, selectionSet, transactions, view }) => {
      const byUser = transactions.some((it) => it.isUserEvent("select"));
      if (selectionSet && byUser && view.hasFocus) this.#onLine(state.doc.lineAt(state.selection.main.head).number - 1);
    });
    return EditorState.create({ doc, extensions: [styleNonce(), viewing(), language(path), changed, related, listener] });
  }

  /** What stands there. */
  get shown(): { path: string; text: string } {
    return { path: this.#path, text: this.view.state.doc.toString() };
  }

  /** Shows the file; what it was before, if it is the one that stood here, is where it can be seen what changed. */
  show(shown: Shown): void {
    if ("text" in shown) {
      this.#path = shown.path;
      this.view.setState(this.#state(shown.path, shown.text));
    } else if (shown.path === this.#path && shown.replacements.length > 0) {
      this.#replace(shown.replacements);
    }
  }

  #replace(replacements: Replacement[]): void {
    let moved = 0;
    const ranges = replacements.map(({ from, to, insert }) => {
      const start = from + moved;
      moved += insert.length - (to - from);
      return { from: start, to: start + insert.length };
    });
    this.view.dispatch({ changes: replacements, effects: setChanged.of(ranges) });
  }

  /** Marks lines as being about one thing; `scroll` says when the first of them is brought into view. */
  relate(ranges: readonly [number, number][], scroll: "always" | "where others were" | "never"): void {
    const { state } = this.view;
    const isSame = RangeSet.eq([state.field(related)], [relatedTo(state, ranges)]);
    if (isSame && scroll !== "always") return;
    const effects: StateEffect<unknown>[] = [setRelated.of(ranges)];
    const { doc } = state;
    const [first] = ranges;
    if (scroll !== "never" && first !== undefined && first[0] < doc.lines) {
      effects.push(EditorView.scrollIntoView(doc.line(first[0] + 1).from, { y: "nearest", yMargin: 80 }));
    }
    this.view.dispatch({ effects });
  }
}
