// The database's thread: PGlite, a PostgreSQL in WebAssembly, in memory. In: questions. Out: answers, in the order of the
// questions. Nothing that is asked leaves the page, and the page goes on while a query takes its time.

import { PGlite } from "@electric-sql/pglite";
import { askers } from "./askers.js";
import { examine, tryInsert } from "./examine.js";
import { fill, sample } from "./samples.js";
import type { Asked, Failure, Heard, Questions } from "./protocol.js";
import { query } from "./query.js";
import * as tables from "./tables.js";

declare const self: DedicatedWorkerGlobalScope;
/** The sizes of PGlite's files, by name; scripts/assemble.mjs knows them. */
declare const SIZES: Record<string, number>;
/** The extensions that there are, by name, and the archive of each. */
declare const EXTENSIONS: Record<string, string>;

type Engine = { pgliteWasmModule: WebAssembly.Module; initdbWasmModule: WebAssembly.Module; fsBundle: Blob };

let engine: Promise<Engine> | undefined;
let database: PGlite | undefined;

const say = (heard: Heard): void => self.postMessage(heard);

/** Fetches PGlite's files, once, and says how far it is. */
async function load(): Promise<Engine> {
  const total = Object.values(SIZES).reduce((sum, size) => sum + size, 0);
  let received = 0;
  const fetched = async (name: string): Promise<Response> => {
    const { ok, status, body, headers } = await fetch(new URL(`./${name}`, import.meta.url));
    if (!ok || body === null) throw new Error(`${name} does not load (${status})`);
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        received += chunk.length;
        say({ kind: "loading", fraction: Math.min(1, received / total) });
        controller.enqueue(chunk);
      },
    });
    return new Response(body.pipeThrough(count), { headers: { "content-type": headers.get("content-type") ?? "" } });
  };
  const [pgliteWasmModule, initdbWasmModule, fsBundle] = await Promise.all([
    WebAssembly.compileStreaming(fetched("pglite.wasm")),
    WebAssembly.compileStreaming(fetched("initdb.wasm")),
    fetched("pglite.data").then((response) => response.blob()),
  ]);
  return { pgliteWasmModule, initdbWasmModule, fsBundle };
}

function opened(): PGlite {
  if (database === undefined) throw new Error("there is no database yet: run the schema");
  return database;
}

const answers: { [K in keyof Questions]: (...details: Parameters<Questions[K]>) => Promise<ReturnType<Questions[K]>> } = {
  async open(extensions) {
    engine ??= load();
    const files = await engine.catch((error: unknown) => {
      engine = undefined;
      throw error;
    });
    await database?.close();
    const wanted = extensions.filter((name) => name !== "plpgsql");
    const found = wanted.filter((name) => Object.hasOwn(EXTENSIONS, name));
    const archives = found.map((name) => [name, new URL(`./${EXTENSIONS[name]}`, import.meta.url)] as const);
    database = await PGlite.create({ ...files, extensions: Object.fromEntries(archives) });
    const { rows } = await database.query<{ server_version: string }>("show server_version");
    const version = rows[0]?.server_version.split(" ")[0] ?? "";
    return { name: `PostgreSQL ${version}`, missing: wanted.filter((name) => !found.includes(name)) };
  },
  run: async (sql) => (await opened().query<Record<string, unknown>>(sql)).rows,
  script: async (sql) => void (await opened().exec(sql)),
  async query(sql) {
    const db = opened();
    try {
      return await query(db, sql);
    } finally {
      // What was typed may have left a transaction, a role or a setting behind.
      await db.exec("rollback; reset session authorization; reset role; reset all");
    }
  },
  tables: () => tables.list(opened()),
  rows: (schema, name, offset) => tables.rows(opened(), schema, name, offset),
  askers: () => askers(opened()),
  guarded: () => tables.list(opened(), tables.GUARDED),
  examine: (schema, name, asker, most) => examine(opened(), schema, name, asker, most),
  sample: (schema, name, asker) => sample(opened(), schema, name, asker),
  tryInsert: (schema, name, asker, row) => tryInsert(opened(), schema, name, asker, row),
  fill: () => fill(opened()),
};

function failure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, code, position, statement, detail, hint, where } = error as Error & Failure;
  return { message, code, position, statement, detail, hint, where };
}

async function answer({ id, question, details }: Asked): Promise<void> {
  try {
    const ask = answers[question] as (...details: unknown[]) => Promise<unknown>;
    say({ kind: "answer", id, value: await ask(...details) });
  } catch (error) {
    say({ kind: "answer", id, failure: failure(error) });
  }
}

let last = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<Asked>) => {
  last = last.then(() => answer(data));
};
