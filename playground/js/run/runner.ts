// Runs the schema. In: the session, which knows the schema as statements and where each was written. Out: a database that
// has them, and what PostgreSQL refused, at the lines of the schema. Loaded, and PGlite after it, when it is first asked for.

import { apply, extensionsOf, unavailable } from "../../../npm/src/db/apply.js";
import type { Session } from "../session.js";
import { Database } from "./client.js";
import type { Questions } from "./protocol.js";

/** How it is. */
export type Status =
  | { kind: "loading"; fraction: number }
  | { kind: "starting" }
  | { kind: "applying"; done: number; total: number }
  | { kind: "applied"; applied: number; total: number; took: number; database: string; edition: number }
  | { kind: "unready" }
  | { kind: "stopped" }
  | { kind: "failed"; message: string };

/** A database with what the schema makes. */
export class Runner {
  readonly #session: Session;
  readonly #listen: (status: Status) => void;
  #database: Database | undefined;
  /** Settled when the schema is applied: nobody may ask in the middle of that transaction. */
  #applied = Promise.resolve();
  /** Counts the databases that there were. */
  databases = 0;

  constructor(session: Session, listen: (status: Status) => void) {
    this.#session = session;
    this.#listen = listen;
  }

  /** Applies the schema as it is now, in a new database. */
  run(): Promise<void> {
    this.#applied = this.#apply();
    return this.#applied;
  }

  async #apply(): Promise<void> {
    const say = this.#listen;
    say({ kind: "starting" });
    const session = this.#session;
    const { edition } = session;
    const { ok, statements } = await session.ask("statements");
    if (!ok) return say({ kind: "unready" });
    this.#database ??= new Database((fraction) => say(fraction < 1 ? { kind: "loading", fraction } : { kind: "starting" }));
    const database = this.#database;
    try {
      const platform = await session.ask("platformSql");
      const extensions = extensionsOf([...platform.split("\n\n"), ...statements.map(({ sql }) => sql)]);
      const { name, missing } = await database.ask("open", extensions);
      this.databases += 1;
      const started = performance.now();
      const server = {
        name,
        run: (sql: string) => database.ask("run", sql),
        script: (sql: string) => database.ask("script", sql),
        close: async () => {},
      };
      const total = statements.length;
      const locate = (statement: number, start: number, end: number) => session.ask("locate", statement, start, end);
      const script = { statements, platform, locate };
      const { applied, diagnostics } =
        missing.length > 0
          ? { applied: 0, diagnostics: unavailable(statements, missing, () => "`schemagen verify --db` takes a server that has it") }
          : await apply(server, script, "commit", (done) => say({ kind: "applying", done, total }));
      // Of a schema that changed meanwhile, places are not known any more.
      if (edition === session.edition) session.refuse(diagnostics);
      say({ kind: "applied", applied, total, took: performance.now() - started, database: name, edition });
    } catch (error) {
      // Stopped: that is said already.
      if (database !== this.#database) return;
      this.#database = undefined;
      database.end("");
      say({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Ends the database, whatever it is doing. */
  stop(): void {
    const database = this.#database;
    this.#database = undefined;
    database?.end("the database was stopped");
    this.#listen({ kind: "stopped" });
  }

  /** Asks the database, when the schema is in it. */
  async ask<K extends keyof Questions>(question: K, details: Parameters<Questions[K]>): Promise<ReturnType<Questions[K]>> {
    await this.#applied.catch(() => {});
    if (this.#database === undefined) throw new Error("there is no database: run the schema first");
    return this.#database.ask(question, ...details);
  }
}
