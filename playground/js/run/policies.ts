// What the policies of a table say of rows. In: a table, a role, rows as PostgreSQL writes them. Out: for each policy and row
// what its expressions give, and what follows from all of them. Expressions are evaluated by PostgreSQL, in that role and as
// row security does: parsed by the owner, so that the role needs no way to the names in them, and run with the role's rights.

import type { PGlite } from "@electric-sql/pglite";
import type { Command, Policy } from "./protocol.js";
import { literal, quoted } from "./tables.js";
import { attempt, inRole } from "./trial.js";

/** A table, as SQL has it. */
export interface Place {
  schema: string;
  name: string;
  /** Both, quoted. */
  sql: string;
}

/** What all policies together say of a row. */
export interface Decision {
  allowed: boolean;
  why: string;
  /** The values to be shown, one for each policy, and whether it is why. */
  said: { value: string; decided: boolean }[];
}

/** The policies of a table, permissive ones first. */
export async function policiesOf(db: PGlite, table: Place, role: string): Promise<Policy[]> {
  const { rows } = await db.query<Policy>(
    `select polname as name, polpermissive as permissive,
       case polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end as command,
       array_to_string(array(select case r when 0 then 'public' else pg_get_userbyid(r) end from unnest(polroles) as r), ', ') as roles,
       exists (select from unnest(polroles) as r where r = 0 or pg_has_role($2, r, 'usage')) as applies,
       pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as check
     from pg_policy where polrelid = $1::regclass order by not polpermissive, polname`,
    [table.sql, role],
  );
  return rows.map((policy) => ({ ...policy, object: `policy ${policy.name} on ${table.schema}.${table.name}` }));
}

/** Whether a policy is asked about a command. */
export function isAsked(policy: Policy, command: Command): boolean {
  return policy.applies && (policy.command === "all" || policy.command === command);
}

/** What `policies`, those that are asked, decide of a command on each of `rows`. */
export async function decide(db: PGlite, table: Place, role: string, command: Command, policies: Policy[], rows: string[]): Promise<Decision[]> {
  // Of an update, the row as it was is asked about, and the row as it becomes: here the same.
  const sides = command === "insert" ? (["check"] as const) : command === "update" ? (["using", "check"] as const) : (["using"] as const);
  const values: (string | null)[][][] = [];
  for (const side of sides) {
    const found: (string | null)[][] = [];
    for (const { using, check } of policies) {
      const expression = side === "using" ? using : (check ?? using);
      found.push(expression === null ? rows.map(() => null) : await evaluate(db, table, role, expression, rows));
    }
    values.push(found);
  }
  return rows.map((_, row) => {
    const bySide = values.map((found) => weigh(policies, found.map((it) => it[row]!)));
    const against = bySide.find(({ allowed }) => !allowed);
    const said = policies.map((_, at) => {
      const all = values.map((found) => found[at]![row] ?? "not asked");
      const isOne = all.every((it) => it === all[0]);
      return {
        value: isOne ? all[0]! : `using ${all[0]}, check ${all[1]}`,
        decided: (against === undefined ? bySide : [against]).some(({ deciding }) => deciding.includes(at)),
      };
    });
    return { allowed: against === undefined, why: (against ?? bySide[0]!).why, said };
  });
}

/** As PostgreSQL does: one permissive policy must say yes, and every restrictive one too. */
function weigh(policies: Policy[], values: (string | null)[]): { allowed: boolean; why: string; deciding: number[] } {
  const places = policies.map((_, at) => at).filter((at) => values[at] !== null);
  const named = (deciding: number[]): string => deciding.map((at) => `“${policies[at]!.name}”`).join(", ");
  const against = places.filter((at) => !policies[at]!.permissive && values[at] !== "true");
  if (against.length > 0) return { allowed: false, why: `stopped by ${named(against)}`, deciding: against };
  const favour = places.filter((at) => policies[at]!.permissive && values[at] === "true");
  if (favour.length > 0) return { allowed: true, why: `by ${named(favour)}`, deciding: favour };
  return { allowed: false, why: "no policy lets it through", deciding: places.filter((at) => policies[at]!.permissive) };
}

/** What `expression` gives for each of `rows`: `true`, `false`, `null`, or why it fails. */
async function evaluate(db: PGlite, table: Place, role: string, expression: string, rows: string[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const found = await attempt(db, async () => {
    const values = rows.map((row) => `${literal(row)}::${table.sql}`).join(", ");
    await db.exec(
      `create view pg_temp."what is said" with (security_invoker) as
         select (${expression})::text as said from unnest(array[${values}]) as ${quoted(table.name)};
       grant select on pg_temp."what is said" to ${quoted(role)}`,
    );
    const { rows: said } = await inRole(db, role, () => db.query<{ said: string | null }>(`select said from pg_temp."what is said"`));
    return said.map((it) => it.said ?? "null");
  });
  if ("value" in found) return found.value;
  if (rows.length === 1) return [found.refusal.message];
  // It fails for some of them: each on its own.
  const each: string[] = [];
  for (const row of rows) each.push(...(await evaluate(db, table, role, expression, [row])));
  return each;
}
