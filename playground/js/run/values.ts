// Likely values. In: what a column says of itself, and the number of a row. Out: texts that the column may take, the likeliest
// first; whether it does, PostgreSQL says. Rows of different numbers get different values.

/** What a column says of itself. */
export interface Column {
  name: string;
  /** Its number in the table. */
  place: number;
  /** Its type as SQL has it. */
  type: string;
  /** The name of the type below all domains and arrays. */
  base: string;
  isArray: boolean;
  /** The class that PostgreSQL puts that type into: `typcategory`. */
  category: string;
  /** The labels of an enum. */
  labels: string[];
  notNull: boolean;
  isKey: boolean;
  default: string | null;
  /** The conditions on this column alone, and whether it or its type has any. */
  checks: string[];
  /** The same, and those of its type: what they compare with may be a value. */
  hints: string[];
  isChecked: boolean;
}

/** In milliseconds. */
const DAY = 86_400_000;

/** Whether rows should differ in it even though it has a default. */
export function isVaried({ category, base, isKey, default: value }: Column): boolean {
  return category === "E" || category === "B" || (base === "uuid" && !isKey && !/uuid/.test(value ?? ""));
}

/** Values for the row of number `index`, which is about `person`: an id and an address of theirs. */
export function candidates(column: Column, index: number, person: { id: string; email: string }): (string | null)[] {
  const found = scalars(column, index, person);
  if (column.isArray) return [...found.slice(0, 1).map((it) => `{${JSON.stringify(it)}}`), "{}"];
  // Much that may have no date has none: not deleted, not expired.
  const isDate = column.category === "D" && !column.notNull;
  return isDate && index % 3 !== 2 ? [null, ...found] : found;
}

function scalars(column: Column, index: number, person: { id: string; email: string }): string[] {
  const { base, category, labels } = column;
  const { texts, numbers } = constants(column.hints);
  switch (category) {
    case "E":
      return rotated(labels, index);
    case "B":
      return rotated(["true", "false"], index);
    case "N":
      return [...(base.startsWith("int") ? [] : [10 * (index + 1)]), index + 1, ...numbers.flatMap((it) => [it, it + 1, it - 1]), 0].map(String);
    case "D":
      return days(base, index, column.place);
    case "T":
      return ["1 day"];
    case "I":
      return base === "cidr" ? ["192.0.2.0/24"] : [`192.0.2.${index + 1}`];
    case "V":
      return ["1", "0", "10101010"];
    case "S":
      return [...rotated(texts, index), ...words(column.name, index, person), ...numbers.filter((it) => it > 0 && it <= 1000).map((it) => repeated(column.name, it))];
    case "R":
      return [base.startsWith("int") || base.startsWith("num") ? `[${index + 1},${index + 11})` : `[${days(base, 0, 0)[0]},${days(base, 1, 0)[0]})`];
    default:
      return OTHERS[base]?.(index, person, column.type) ?? [];
  }
}

const OTHERS: Record<string, (index: number, person: { id: string }, type: string) => string[]> = {
  uuid: (_, { id }) => [id],
  json: () => ["{}", "[]"],
  jsonb: () => ["{}", "[]"],
  bytea: (index) => [`\\x0${index}`, `\\x${"0a".repeat(16)}`, `\\x${"0a".repeat(32)}`],
  xml: () => ["<sample/>"],
  money: (index) => [`${index + 1}`],
  macaddr: () => ["00:00:5e:00:53:01"],
  macaddr8: () => ["00:00:5e:ff:fe:00:53:01"],
  tsvector: () => ["sample"],
  tsquery: () => ["sample"],
  point: () => ["(0,0)"],
  ltree: (index) => [`top.n${index}`],
  hstore: () => ["sample=>1"],
  vector: (index, _, type) => [`[${Array.from({ length: Number(/\((\d+)\)/.exec(type)?.[1] ?? 3) }, () => index + 1).join(",")}]`],
};

/** Texts and numbers that conditions name. */
function constants(checks: string[]): { texts: string[]; numbers: number[] } {
  const all = checks.join(" ");
  const texts = [...all.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replaceAll("''", "'"));
  const numbers = [...all.replaceAll(/'(?:[^']|'')*'/g, "").matchAll(/-?\b\d+(?:\.\d+)?\b/g)].map(([text]) => Number(text));
  return { texts, numbers };
}

/** A day before or after now, in the way of a type; of later columns, a later moment of it. */
function days(base: string, index: number, place: number): string[] {
  const hour = String(place % 24).padStart(2, "0");
  if (base === "time" || base === "timetz") return [`${hour}:00`];
  const day = new Date(Date.now() + (index % 2 === 0 ? -30 : 30) * DAY).toISOString().slice(0, 10);
  const month = `${day.slice(0, 8)}01`;
  return base.startsWith("date") ? [day, month] : [`${day} ${hour}:00Z`, `${month} 00:00Z`];
}

/** Texts for a column of this name, then texts of the shapes that conditions ask for. */
function words(name: string, index: number, { email }: { email: string }): string[] {
  const number = index + 1;
  const plain = name.replaceAll(/[^A-Za-z0-9]+/g, " ").trim().toLowerCase() || "text";
  const slug = `${plain.replaceAll(" ", "-")}-${number}`;
  const address = `https://example.com/${slug}`;
  const first = /e.?mail/i.test(name) ? email : /url|link|website|avatar|image/i.test(name) ? address : /slug|key|code|handle|user.?name|token/i.test(name) ? slug : `${plain} ${number}`;
  return [
    first,
    slug,
    slug.replaceAll("-", "_"),
    `${plain.split(" ")[0]}${number}`,
    email,
    address,
    ...rotated(["USD", "EUR", "GBP"], index),
    ...rotated(["usd", "eur", "gbp"], index),
    ...rotated(["US", "DE", "FR"], index),
    ...rotated(["en", "de", "fr"], index),
    `+1555010000${number}`,
    `#00000${number % 10}`,
    "Europe/Paris",
    "text/plain",
    `1.0.${index}`,
    `192.0.2.${number}`,
    `/${slug}`,
    `${number}`,
    "0 0 * * *",
    String(number % 10).repeat(32),
    String(number % 10).repeat(40),
    String(number % 10).repeat(64),
    "a",
    "A",
  ];
}

function repeated(name: string, length: number): string {
  return `${name} `.repeat(length).slice(0, length).replace(/ $/, ".");
}

function rotated<T>(all: T[], by: number): T[] {
  const at = all.length === 0 ? 0 : by % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}
