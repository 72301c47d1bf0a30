// What the page and the database's thread say to each other: types only. Values are texts as PostgreSQL writes them.

/** A value: its text, or null. */
export type Cell = string | null;

/** Rows under the names of their columns. */
export interface Grid {
  columns: string[];
  rows: Cell[][];
}

/** What one statement of the console gave. */
export interface Outcome extends Grid {
  /** How many rows there are; those beyond what is shown are left out. */
  count: number;
  /** How many rows it changed. */
  affected: number;
}

/** A table that can be looked into. */
export interface TableInfo {
  schema: string;
  name: string;
  /** Both, quoted where SQL needs it; without the schema where it is `public`. */
  label: string;
  count: number;
}

/** A part of a table's rows. */
export interface Rows extends Grid {
  table: TableInfo;
  offset: number;
}

/** What the thread can be asked. A failure of PostgreSQL comes back as one, with its code and position. */
export interface Questions {
  /** Starts an empty database in place of the one before, and says which of the extensions it cannot have. */
  open(extensions: string[]): { name: string; missing: string[] };
  /** Runs one statement. */
  run(sql: string): Record<string, unknown>[];
  /** Runs a script. */
  script(sql: string): void;
  /** Runs what was typed, from a clean session. */
  query(sql: string): Outcome[];
  /** Every table outside of PostgreSQL's own and Supabase's schemas. */
  tables(): TableInfo[];
  /** Some rows of a table, in the order of its primary key. */
  rows(schema: string, name: string, offset: number): Rows;
}

/** What the page asks. */
export interface Asked {
  id: number;
  question: keyof Questions;
  details: unknown[];
}

/** What PostgreSQL says of a statement, as it crosses the threads. */
export interface Failure {
  message: string;
  code?: string | undefined;
  position?: string | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
  where?: string | undefined;
}

/** What the thread says. */
export type Heard =
  | { kind: "loading"; fraction: number }
  | { kind: "answer"; id: number; value?: unknown; failure?: Failure };
