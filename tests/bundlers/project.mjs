// Projects in temporary folders, as a user has them: a configuration, a schema, the package and a bundler in node_modules.
// In: files. Out: the project, programs that run in it, and what they said. Whatever is waited for has a deadline.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const tests = dirname(dirname(fileURLToPath(import.meta.url)));

/** The repository. */
export const repository = dirname(tests);

/** How long a program may need for what is waited for, in milliseconds. */
const DEADLINE = 180_000;

/** A schema with one table, whose title may have `length` characters. */
export const schema = (length) => `tables:
  notes:
    rls: enabled
    columns:
      id: { type: uuid, primary_key: true, default: gen_random_uuid() }
      title: { type: varchar(${length}), nullable: false }
    policies:
      - { name: everybody reads, command: select, to: authenticated, using: "true" }
`;

/** The same with a type that does not exist, at line 6, column 22. */
export const BROKEN = schema(10).replace("varchar(10)", "varcharr");

/** A configuration that writes Zod for `schema/`, to a file and to a virtual module. */
export const CONFIG = JSON.stringify({
  files: "schema/*.yaml",
  outputs: [
    { target: "zod", out: "src/db.ts" },
    { target: "zod", out: "virtual:schemagen/zod" },
  ],
});

/** The packages that a user would have installed: names, and the folders that hold them. */
const PACKAGES = new Map(
  ["zod", "vite", "rollup", "rolldown", "webpack", "@rspack/core", "esbuild", "typescript"].map((name) => [name, join(tests, "node_modules", name)]),
);

/** A folder with files and packages. */
export class Project {
  root = realpathSync(mkdtempSync(join(tmpdir(), "schemagen bündler-")));
  #children = new Set();

  constructor(files = {}, packages = PACKAGES) {
    this.write("package.json", '{ "name": "app", "private": true, "type": "module" }');
    this.write("schemagen.config.json", CONFIG);
    this.write("schema/notes.yaml", schema(10));
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    for (const [name, folder] of packages) this.link(`node_modules/${name}`, folder);
    this.link("node_modules/schemagen", join(repository, "npm"));
  }

  path(path) {
    return join(this.root, path);
  }

  write(path, text) {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path) {
    return readFileSync(this.path(path), "utf8");
  }

  link(path, target) {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    symlinkSync(target, this.path(path));
  }

  /** Starts `node ARGS` here. */
  start(...args) {
    const { FORCE_COLOR: _, ...inherited } = process.env;
    const child = spawn(process.execPath, args, { cwd: this.root, env: { ...inherited, NO_COLOR: "1" }, detached: true });
    this.#children.add(child);
    const program = new Program(child);
    program.ended.then(() => this.#children.delete(child));
    return program;
  }

  /** Runs `node ARGS` here to its end. */
  async run(...args) {
    const program = this.start(...args);
    const code = await Promise.race([program.ended, sleep(DEADLINE, "never", { ref: false })]);
    if (code === "never") throw new Error(`node ${args.join(" ")} does not end; it said:\n${program.said}`);
    return { code, said: program.said };
  }

  /** Ends what still runs, and removes the folder. */
  async remove() {
    await Promise.all([...this.#children].map((child) => new Promise((done) => child.once("close", done) && end(child))));
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Ends a program and all that it started: the service of esbuild may outlive who asked it, and hold its output open. */
function end(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // It ended by itself just now.
  }
}

/** A program that runs. */
class Program {
  said = "";

  constructor(child) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk) => {
        this.said += chunk;
      });
    }
    this.child = child;
    this.ended = new Promise((done) => child.once("close", done));
  }

  /** Waits until it says `pattern`, and forgets what it said before. */
  async says(pattern) {
    const found = await eventually(`${pattern} from the program`, () => pattern.exec(this.said) ?? undefined, () => this.said);
    this.said = this.said.slice(found.index + found[0].length);
    return found;
  }
}

/** Asks `question` until it answers, and gives the answer. */
export async function eventually(what, question, details = () => "") {
  for (const end = Date.now() + DEADLINE; Date.now() < end; await sleep(25)) {
    const answer = await question();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`waited in vain for ${what}\n${details()}`);
}
