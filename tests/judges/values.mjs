// Values to try. In: a column's type and the text of its checks. Out: a generator of JSON values: some of the right kind,
// close to what the checks speak of; some of the edges of the kind; some of another kind altogether.

import fc from "fast-check";

const TEXTS = [
  "", " ", "  ", "a", "b", "ab", "abc", "abcd", "abcde", "abcdef", "A", "Ab", "é", "e\u0301", "ß", "İ", "ı", "ﬁ", "😀", "😀😀", "😀😀😀", "😀😀😀😀",
  "👩‍👩‍👧", "🇩🇪", "日本語", "a\u0000b", "\u0000", "\ud800", "\udc00x", "\uffff", "\u2028", "\ufeff", "\n", "a\n", "\na", "a\r\n", "\t", "\u00a0", "\u2003", "a ", "a  ", " a",
  "abc ", "abc    ", "abcd ", "ab\u00a0", "null", "NULL", "true", "0", "1", "-1", "\\", "\\x", "%", "_", "'", "\"", "`", "${a}", "{}", "{a,b}", "[]", "$$", "--", "/*", "__proto__",
  "a_c", "abc--", "aXc%", "50%", "50", "https://", "https://a.b", "foo", "bar", "foobar", "a@b", "a@b@c", "@", "AB-1", "ABC-1234", "ABCD-1", "a1_b", "1a", "a-b", "x".repeat(70), "x".repeat(300),
];

const NUMBERS = [
  0, -0, 1, -1, 2, 3, 4, 5, 10, 0.1, 0.5, -0.5, 1.5, 1e-7, 1e-30, 1e-45, 1e-46, 1e-50, 5e-324, 1e20, 1e21, 3.4e38, 3.5e38, 1e39, 1e100, 1.7976931348623157e308, -1.7976931348623157e308,
  32767, 32768, -32768, -32769, 2147483647, 2147483648, -2147483648, -2147483649, 4294967296, 9007199254740991, 9007199254740992, -9007199254740991, -9007199254740992, 9223372036854775807, -9223372036854775808,
  9.99, 9.994, 9.995, 9.999, 99.99, 999.99, 999.995, 9999.99, 9999.994, 9999.995, 9999.996, 10000, -9999.995, -9999.994, 9999.4, 9999.5, 0.004, 0.005, 0.0049999, -0.004, -0.005, -0.0051, 0.0099, 0.00994, 0.00995, 99949, 99950, 99999, 1e5, 49, 50, 51, 149.5, 0.00001, 0.00004, 0.00005, 0.00994999, 0.010,
];

/** Forms of each kind of text, right and nearly right. */
const FORMS = {
  uuid: ["00000000-0000-0000-0000-000000000001", "11111111-1111-4111-8111-111111111111", "ffffffff-ffff-ffff-ffff-ffffffffffff", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "{11111111-1111-4111-8111-111111111111}", "11111111111141118111111111111111", "g1111111-1111-4111-8111-111111111111", "11111111-1111-4111-8111-11111111111", "11111111-1111-4111-8111-111111111111\n"],
  date: ["2024-01-01", "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0001-01-01", "0000-01-01", "9999-12-31", "10000-01-01", "2024-1-1", "infinity", "-infinity", "today", "2024-01-01T00:00:00", "01/02/2024", "2024-01-01 BC", "2024-01-01\n"],
  time: ["00:00:00", "23:59:59", "24:00:00", "24:00:01", "12:34:56.789", "12:34:56.7891234", "12:34", "23:59:60", "25:00:00", "12:60:00", "1:2:3", "12:34:56+00", "12:34:56+02:00", "12:34:56Z"],
  timestamp: ["2024-01-01T00:00:00", "2024-01-01T00:00:00.123456", "2024-01-01T00:00:00.1234567", "2024-01-01 00:00:00", "2024-02-30T00:00:00", "2024-01-01T24:00:00", "2024-01-01T23:59:60", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00+00:00", "2024-01-01T00:00:00+05:30", "2024-01-01T00:00:00+00", "2024-01-01T00:00:00-15:59", "2024-01-01T00:00:00+16:00", "2024-01-01T00:00:00+23:59", "2024-01-01T00:00", "2024-01-01T00:00Z", "0000-01-01T00:00:00", "0000-01-01T00:00:00Z", "infinity", "-infinity", "now", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00"],
  interval: ["1 day", "P1D", "1 mon", "1 year 2 mons", "-1 day", "04:05:06", "00:00:00", "1 fortnight", "P1Y2M3DT4H5M6S"],
  bytea: ["\\x", "\\xdeadbeef", "\\xDEADBEEF", "\\xabc", "\\xgg", "abc", "\\000", "\\x de ad"],
  inet: ["127.0.0.1", "10.0.0.0/8", "10.0.0.1/8", "::1", "2001:db8::/32", "2001:db8::1/32", "1.2.3", "256.1.1.1", "1.2.3.4/33", "::ffff:1.2.3.4", "fe80::1%eth0", "10/8"],
  macaddr: ["08:00:2b:01:02:03", "08-00-2b-01-02-03", "08002b010203", "08:00:2b:01:02", "0800.2b01.0203"],
  int4range: ["[1,5)", "(1,5]", "empty", "[5,1)", "(,)", "[1,)", "(,5)", "[1,1]", "[1,1)", "1,5", "[1;5)", "[ 1 , 5 )", "[2147483647,2147483647]"],
  tstzrange: ['["2024-01-01 00:00:00+00","2024-02-01 00:00:00+00")', "empty", "(,)", "[2024-01-01,2024-02-01)", '["2024-02-01 00:00:00+00","2024-01-01 00:00:00+00")'],
  bit: ["101", "1", "", "1010", "102", "000", "11"],
  hstore: ['"a"=>"1"', "a=>1", "", '"a"=>NULL', "a", '"a"=>"1", "b"=>"2"'],
  ltree: ["Top", "Top.Science", "a.b.c", "", "a..b", "a b", ".a", "a-b", "é", "a.b\n"],
};

const digits = (least, most, length = 2) => fc.integer({ min: least, max: most }).map((number) => String(number).padStart(length, "0"));
const joined = (separator, ...parts) => fc.tuple(...parts).map((texts) => texts.join(separator));
const oneOf = (...texts) => fc.constantFrom(...texts);
const hex = (length) => fc.string({ unit: oneOf(..."0123456789abcdefAF"), ...length });
const date = joined("-", digits(1, 10_000, 4), digits(1, 13), digits(1, 31));
const time = joined("", joined(":", digits(0, 24), digits(0, 60), digits(0, 60)), oneOf("", ".5", ".123456", ".9999999"));
const zone = oneOf("", "Z", "+00:00", "+05:30", "-15:59", "+02");

/** Values of each kind of text as they come, most of them right. */
const FRESH = {
  uuid: fc.uuid(),
  date,
  time: joined("", time, zone),
  timestamp: joined("", date, oneOf("T", "T", " "), time, zone),
  interval: joined(" ", fc.integer({ min: -1000, max: 1000 }), oneOf("day", "hours", "mons", "year"), time),
  bytea: hex({ maxLength: 12 }).map((text) => `\\x${text}`),
  inet: fc.oneof(fc.ipV4(), fc.ipV6(), joined("/", fc.ipV4(), fc.integer({ min: 0, max: 33 }))),
  macaddr: joined(":", ...Array.from({ length: 6 }, () => hex({ minLength: 2, maxLength: 2 }))),
  int4range: joined("", oneOf("[", "("), fc.integer(), oneOf(",", ", "), fc.integer(), oneOf("]", ")")),
  tstzrange: joined("", oneOf("[", "("), date, oneOf(","), date, oneOf("]", ")")),
  bit: fc.string({ unit: oneOf("0", "1", "1", "0", "2"), maxLength: 14 }),
  hstore: joined("=>", hex({ minLength: 1, maxLength: 4 }), hex({ minLength: 1, maxLength: 4 })),
  ltree: joined(".", hex({ maxLength: 4 }), hex({ minLength: 1, maxLength: 4 })),
};

const FAMILY = {
  smallint: "number", integer: "number", bigint: "number", serial: "number", numeric: "number", real: "number", "double precision": "number",
  boolean: "boolean", json: "json", jsonb: "json", timetz: "time", timestamptz: "timestamp", cidr: "inet", "bit varying": "bit",
};

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  { weight: 1, arbitrary: fc.noBias(fc.string({ unit: "grapheme", maxLength: 8 })) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "z", "A", "0", "9", "_", "-", "é", "😀", " ", "\u0301"), maxLength: 7 }) },
);

const number = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.integer({ min: -20, max: 30 }) },
  { weight: 1, arbitrary: fc.noBias(fc.integer()) },
  { weight: 1, arbitrary: fc.noBias(fc.integer({ min: -4_000_000, max: 4_000_000 })).map((units) => units / 1000) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom("NaN", "Infinity", "-Infinity", "1", "1.5", "") },
);

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom({}, [], [1], { a: 1 }, { a: "\u0000" }, ["\u0000"], { "\u0000": 1 }, { a: "\ud800" }, { a: "\\u0000" }, "\\u0000", "", 0, false, { a: { b: [null] } }, { __proto__: 1 }),
);

/** Values for a column: absent and null among them. */
export function valuesFor(column, checks, declared) {
  const right = rightKind(column.type, checks, declared);
  const wrong = fc.oneof(text, number, fc.boolean(), json);
  return fc.oneof(
    { weight: 20, arbitrary: right },
    { weight: 2, arbitrary: wrong },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  );
}

function rightKind(type, checks, declared) {
  const element = /^(.*)\[\]$/.exec(type);
  if (element) return fc.array(fc.option(rightKind(element[1], checks, declared), { freq: 8 }), { maxLength: 4 });
  const base = type.replace(/\s*\(.*\)$/, "");
  const named = declared(base);
  if (named?.labels) return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...named.labels) }, { weight: 1, arbitrary: text }, { weight: 1, arbitrary: fc.constantFrom(...named.labels).map((label) => label.toUpperCase()) });
  if (named?.fields) {
    const fields = Object.entries(named.fields).map(([name, field]) => [name, fc.option(rightKind(field, checks, declared), { freq: 6 })]);
    return fc.record(Object.fromEntries(fields));
  }
  if (named?.type) return rightKind(named.type, `${checks} ${named.checks}`, declared);
  const family = FAMILY[base] ?? base;
  if (family === "boolean") return fc.boolean();
  if (family === "json") return json;
  if (family === "number") return fc.oneof(number, near(checks));
  if (FORMS[family]) return fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...FORMS[family]) }, { weight: 2, arbitrary: fc.noBias(FRESH[family]) }, { weight: 1, arbitrary: text });
  return fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: quotedIn(checks) }, { weight: 1, arbitrary: ofLengths(checks) });
}

const numbersIn = (checks) => (checks.match(/-?\d+(\.\d+)?/g) ?? ["0"]).map(Number);

/** Numbers close to those of the checks. */
function near(checks) {
  const shifts = [0, 1, -1, 0.5, -0.5, 0.01, -0.01, 0.004, -0.004, 0.005, -0.005, 0.006, -0.006, 1e-10, -1e-10];
  return fc.tuple(fc.constantFrom(...numbersIn(checks)), fc.constantFrom(...shifts)).map(([number, shift]) => number + shift);
}

/** The strings of the checks, and what is nearly them. */
function quotedIn(checks) {
  const found = [...checks.matchAll(/'((?:[^']|'')*)'/g)].map((match) => match[1].replaceAll("''", "'"));
  const changes = [(s) => s, (s) => s, (s) => s.toUpperCase(), (s) => `${s} `, (s) => ` ${s}`, (s) => `${s}\n`, (s) => s.slice(1), (s) => s + s, (s) => `${s}x`, (s) => `x${s}`];
  return fc.tuple(fc.constantFrom(...(found.length > 0 ? found : [""])), fc.constantFrom(...changes)).map(([string, change]) => change(string));
}

/** Strings about as long as the numbers of the checks. */
function ofLengths(checks) {
  const lengths = numbersIn(checks).filter((length) => Number.isInteger(length) && length >= 0 && length < 300);
  return fc
    .tuple(fc.constantFrom(...(lengths.length > 0 ? lengths : [3])), fc.constantFrom(-1, 0, 1), fc.constantFrom("a", "Z", "é", "😀", " ", "e\u0301"))
    .map(([length, shift, unit]) => unit.repeat(Math.max(0, length + shift)));
}
