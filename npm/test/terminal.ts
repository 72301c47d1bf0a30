// The command line on a real pseudo-terminal, made by Python's `pty`. In: arguments, and keys once a text is on the
// screen. Out: what was drawn, without escape sequences, and the exit code. Nothing outlives its deadline.

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { BIN } from "./project.js";

const SPAWN = `import os, pty, sys
size = 'stty rows 50 cols 120; exec "$@"'
sys.exit(os.waitstatus_to_exitcode(pty.spawn(["sh", "-c", size, "sh", *sys.argv[1:]])))`;

/** The keys that terminals send. */
export const KEYS = { enter: "\r", down: "\u001b[B", left: "\u001b[D", space: " ", interrupt: "\u0003" };

/** A command that runs on a terminal. */
export class Terminal {
  /** All that was drawn. */
  screen = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #read = 0;

  constructor(args: string[], cwd: string) {
    const { NO_COLOR: _, CI: __, ...env } = process.env;
    this.#child = spawn("python3", ["-c", SPAWN, process.execPath, BIN, ...args], { cwd, env: { ...env, TERM: "xterm-256color" } });
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.screen += stripVTControlCharacters(chunk.toString());
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", resolve);
    });
  }

  /** Waits until `text` is drawn anew, then presses `keys`. */
  async press(text: string, keys: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const at = this.screen.indexOf(text, this.#read);
      if (at >= 0) {
        this.#read = at + text.length;
        break;
      }
      if (Date.now() > deadline) throw new Error(`no \`${text}\` on the screen:\n${this.screen.slice(this.#read)}`);
      await sleep(20);
    }
    this.#child.stdin?.write(keys);
  }

  /** The exit code, once it has ended by itself. */
  end(): Promise<number | null> {
    return this.#ended;
  }

  /** Ends it, whatever it does. */
  close(): void {
    this.#child.stdin?.destroy();
    this.#child.kill("SIGKILL");
  }
}
