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

/** Who asks: a role, the claims of its token as JSON, and other settings of the session, by name. */
export interface Asker {
  role: string;
  claims: string;
  settings: Record<string, string>;
}

/** Somebody of `auth.users`, and the claims of a token of theirs, as JSON. */
export interface Person {
  id: string;
  label: string;
  claims: string;
}

/** Who can ask. */
export interface Askers {
  /** The roles, those of Supabase's API first. */
  roles: string[];
  people: Person[];
  /** The settings, besides the claims, that the schema's functions and policies read. */
  settings: string[];
}

export type Command = "select" | "insert" | "update" | "delete";

/** A policy of a table. */
export interface Policy {
  name: string;
  /** What the schema calls it: the `object` of its statement. */
  object: string;
  permissive: boolean;
  /** For which command, or `all`. */
  command: Command | "all";
  /** To whom, as SQL has it. */
  roles: string;
  /** Whether it is about the role that asks. */
  applies: boolean;
  using: string | null;
  check: string | null;
}

/** What a policy says of a row. */
export interface Said {
  /** `true`, `false`, `null`, or why its expression fails. */
  value: string;
  /** Whether it is why the row may or may not. */
  decided: boolean;
}

/** What becomes of a command on a row, and why. */
export interface Verdict {
  /** `but`: privileges and policies let it through, and something else stops it. */
  outcome: "yes" | "no" | "but";
  why: string;
  /** What each policy of the view says, in their order. */
  said: Said[];
}

/** What somebody may do with the rows of a table by one command. */
export interface View {
  command: Command;
  /** What holds for every row, whatever policies say of it: no privilege, no row security, no policy. */
  standing: { allows: boolean; why: string } | null;
  /** The policies that are asked: places in the list of the table's. */
  policies: number[];
  /** One for each row that was tried; of an insertion, whether the row could be inserted again. */
  verdicts: Verdict[];
}

/** What somebody may do with a table. */
export interface Examination extends Grid {
  table: TableInfo;
  rls: "off" | "on" | "forced";
  policies: Policy[];
  views: View[];
}

/** A row as JSON, by column; or why there is none. */
export type Sample = { row: string } | { reason: string };

/** What became of filling empty tables. */
export interface Filled {
  filled: { label: string; count: number }[];
  left: { label: string; reason: string }[];
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
  /** Who can ask. */
  askers(): Askers;
  /** The tables of the schema, and those of others that have policies. */
  guarded(): TableInfo[];
  /** What somebody may do with a table; nothing stays of what is tried. */
  examine(schema: string, name: string, asker: Asker, most: number): Examination;
  /** A row that somebody might insert. */
  sample(schema: string, name: string, asker: Asker): Sample;
  /** Whether somebody may insert a row, given as JSON; nothing stays of it. */
  tryInsert(schema: string, name: string, asker: Asker, row: string): Verdict;
  /** Fills the tables that are empty with a few rows. */
  fill(): Filled;
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
  /** Which of several statements it is said of, from 1. */
  statement?: number | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
  where?: string | undefined;
}

/** What the thread says. */
export type Heard =
  | { kind: "loading"; fraction: number }
  | { kind: "answer"; id: number; value?: unknown; failure?: Failure };
