// Who can ask: roles, people, settings. In: a database. Out: what a visitor can choose from.

import type { PGlite } from "@electric-sql/pglite";
import type { Askers, Person } from "./protocol.js";

/** The most people to choose from. */
const MOST_PEOPLE = 100;

/** Everything to choose from. */
export async function askers(db: PGlite): Promise<Askers> {
  return { roles: await roles(db), people: await people(db), settings: await settings(db) };
}

/** What is no superuser: Supabase's API first, the schema's own, Supabase's services last. */
async function roles(db: PGlite): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(`
    select rolname as name from pg_roles
    where rolname not like 'pg\\_%' and not rolsuper
    order by
      coalesce(array_position(array['anon', 'authenticated', 'service_role']::name[], rolname), 4),
      rolname like 'supabase\\_%' or rolname in ('authenticator', 'dashboard_user'),
      rolname`);
  return rows.map(({ name }) => name);
}

/** Those who have signed up, with the claims that Supabase puts into their tokens. */
export async function people(db: PGlite): Promise<Person[]> {
  const { rows: found } = await db.query<{ there: boolean }>("select to_regclass('auth.users') is not null as there");
  if (!found[0]?.there) return [];
  const { rows } = await db.query<Record<string, string | null> & { id: string; is_anonymous: boolean; app: object | null; own: object | null }>(
    `select id::text, email, phone, is_anonymous, raw_app_meta_data as app, raw_user_meta_data as own
     from auth.users order by created_at, id limit $1`,
    [MOST_PEOPLE],
  );
  return rows.map(({ id, email, phone, is_anonymous, app, own }) => {
    const claims = {
      sub: id,
      role: "authenticated",
      aud: "authenticated",
      email: email ?? "",
      phone: phone ?? "",
      app_metadata: app ?? {},
      user_metadata: own ?? {},
      aal: "aal1",
      is_anonymous,
    };
    return { id, label: email || phone || id, claims: JSON.stringify(claims, null, 2) };
  });
}

/** The settings that functions and policies ask for, besides those of requests. */
async function settings(db: PGlite): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(`
    select distinct found[1] as name
    from (
      select prosrc as text from pg_proc join pg_namespace n on n.oid = pronamespace
      where n.nspname not in ('pg_catalog', 'information_schema', 'auth', 'realtime', 'storage')
      union all select concat(qual, ' ', with_check) from pg_policies
    ) as texts, regexp_matches(text, 'current_setting\\(\\s*''([a-z_]\\w*\\.\\w+)''', 'gi') as found
    where found[1] not like 'request.%'
    order by 1`);
  return rows.map(({ name }) => name);
}
