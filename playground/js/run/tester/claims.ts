// The claims of a token. In: JSON that is written by hand, choices. Out: claims as JSON, or what is wrong with them.

/** Claims that policies often ask for. */
export const PRESETS: { label: string; claims: Record<string, unknown> }[] = [
  { label: "aal2", claims: { aal: "aal2" } },
  { label: "app_metadata.role", claims: { app_metadata: { role: "admin" } } },
  { label: "is_anonymous", claims: { is_anonymous: true } },
];

/** What is wrong with `text` as claims; nothing, if they can be sent. */
export function mistake(text: string): string | undefined {
  try {
    return isObject(JSON.parse(text)) ? undefined : "Claims are an object: { … }";
  } catch (error) {
    return (error as Error).message;
  }
}

/** The claim `sub`, if `text` is right and has one. */
export function subject(text: string): string | undefined {
  if (mistake(text) !== undefined) return undefined;
  const { sub } = JSON.parse(text) as { sub?: unknown };
  return typeof sub === "string" ? sub : undefined;
}

/** Claims with others besides; those in objects are joined. What is no JSON stays as it is. */
export function withClaims(text: string, more: Record<string, unknown>): string {
  return mistake(text) === undefined ? JSON.stringify(joined(JSON.parse(text) as Record<string, unknown>, more), null, 2) : text;
}

function joined(before: Record<string, unknown>, more: Record<string, unknown>): Record<string, unknown> {
  const all = { ...before };
  for (const [name, value] of Object.entries(more)) {
    const there = all[name];
    all[name] = isObject(there) && isObject(value) ? joined(there, value) : value;
  }
  return all;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
