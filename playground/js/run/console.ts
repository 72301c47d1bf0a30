// The editor of the SQL console. In: what is typed. Out: what is to be run, on Ctrl+Enter; the arrow keys bring back, from
// the first and the last line, what was run before.

import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { editing, language, styleNonce } from "../editor/setup.js";

/** An editor for SQL. */
export class SqlConsole {
  readonly #view: EditorView;
  readonly #run: (sql: string) => void;
  readonly #history: string[] = [];
  /** What of the history stands there; its length, if what stands there is new. */
  #at = 0;

  constructor(host: HTMLElement, run: (sql: string) => void) {
    this.#run = run;
    const keys = Prec.highest(
      keymap.of([
        { key: "Mod-Enter", run: () => this.submit() },
        { key: "ArrowUp", run: ({ state }) => state.doc.lineAt(state.selection.main.head).number === 1 && this.#recall(-1) },
        { key: "ArrowDown", run: ({ state }) => state.doc.lineAt(state.selection.main.head).number === state.doc.lines && this.#recall(1) },
      ]),
    );
    const extensions = [
      styleNonce(),
      keys,
      editing("SQL"),
      language("console.sql"),
      placeholder("select * from …"),
      EditorView.lineWrapping,
    ];
    this.#view = new EditorView({ parent: host, state: EditorState.create({ extensions }) });
  }

  /** Runs what stands there. */
  submit(): boolean {
    const sql = this.#view.state.doc.toString();
    if (sql.trim() === "") return true;
    if (this.#history.at(-1) !== sql) this.#history.push(sql);
    this.#at = this.#history.length;
    this.#run(sql);
    return true;
  }

  #recall(step: number): boolean {
    const at = this.#at + step;
    if (at < 0 || at > this.#history.length) return false;
    this.#at = at;
    const insert = this.#history[at] ?? "";
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert }, selection: { anchor: insert.length } });
    return true;
  }
}
