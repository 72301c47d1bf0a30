// What a check says.

/** What a check says of a set-up. */
export interface Verdict {
  level: "ok" | "warn" | "error";
  message: string;
  /** What to do. */
  help?: string;
}

/** All is well. */
export function ok(message: string): Verdict {
  return { level: "ok", message };
}

/** Something works, and may be better. */
export function warn(message: string, help: string): Verdict {
  return { level: "warn", message, help };
}

/** Something does not work. */
export function error(message: string, help: string): Verdict {
  return { level: "error", message, help };
}
