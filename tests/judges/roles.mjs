// Policies at work. In: a database in a transaction, to which examples/saas was applied. Out: assertions on what a member
// of an organisation, a stranger and somebody without an account see and may do, each as PostgREST would come: in the
// role of the request, with the claims of its token.

import assert from "node:assert/strict";

const MEMBER = "11111111-1111-4111-8111-111111111111";
const STRANGER = "22222222-2222-4222-8222-222222222222";
const ORGANISATION = "33333333-3333-4333-8333-333333333333";

/** Demands that rows are seen by those whom the policies name, and by nobody else. */
export async function policiesHold(db) {
  await db.run(`
    insert into auth.users (id, email) values ('${MEMBER}', 'member@example.com'), ('${STRANGER}', 'stranger@example.com');
    insert into organisations (id, name, slug) values ('${ORGANISATION}', 'Acme', 'acme');
    insert into memberships (org_id, user_id, role) values ('${ORGANISATION}', '${MEMBER}', 'owner');
    insert into role_permissions values ('owner', 'organisation.manage');
    insert into projects (org_id, key, name) values ('${ORGANISATION}', 'APP', 'The app');
  `);
  const count = (table) => async () => Number((await db.rows(`select count(*) as n from ${table}`))[0].n);
  const changed = (sql) => async () => (await db.rows(`with changed as (${sql} returning 1) select count(*)::int as n from changed`))[0].n;

  for (const table of ["organisations", "memberships", "projects"]) {
    assert.equal(await as(db, "authenticated", MEMBER, count(table)), 1, `a member sees ${table}`);
    assert.equal(await as(db, "authenticated", STRANGER, count(table)), 0, `a stranger sees no ${table}`);
    assert.equal(await as(db, "anon", undefined, count(table)), 0, `nobody else sees ${table}`);
  }
  const rename = changed(`update organisations set name = 'Renamed' where id = '${ORGANISATION}'`);
  assert.equal(await as(db, "authenticated", MEMBER, rename), 1, "an owner renames the organisation");
  assert.equal(await as(db, "authenticated", STRANGER, rename), 0, "a stranger does not");
  assert.equal(await as(db, "anon", undefined, rename), 0, "nobody else does");
  const join = changed(`insert into memberships (org_id, user_id, role) values ('${ORGANISATION}', '${STRANGER}', 'owner')`);
  assert.equal(await as(db, "authenticated", STRANGER, join), 0, "a stranger cannot join on their own");
  assert.equal(await as(db, "service_role", undefined, count("projects")), 1, "trusted servers see all");
}

/** What `body` gives in the role of a request; 0 where PostgreSQL refuses it for want of a privilege or by a policy. */
async function as(db, role, user, body) {
  await db.run("savepoint request");
  try {
    const claims = user === undefined ? { role } : { role, sub: user };
    await db.rows("select set_config('request.jwt.claims', $1, true), set_config('role', $2, true)", [JSON.stringify(claims), role]);
    return await body();
  } catch (error) {
    if (error.code === "42501") return 0;
    throw error;
  } finally {
    await db.run("rollback to request; reset role");
  }
}
