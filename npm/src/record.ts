// What is read from files of other hands. In: any value. Out: its entries, none where it has none.

/** The value as a map from names; an empty one if it is none. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
