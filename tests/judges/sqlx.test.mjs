// Rust's own tools take the sqlx structs and the callers of every schema of the repository: rustfmt changes nothing, the
// compiler warns of nothing. Then every struct reads the row of its table on a server, inserts and updates it, and finds it
// as it was; and each caller calls its function. What a body makes of the arguments is its own affair: an error that it
// raises is told. What needs an extension that the server has no package for is left out there, and said.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { compileText } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { write } from "./python.mjs";
import { build, callers, formatted, lay, lines, structs } from "./rust.mjs";
import { calls, fill, WRONG_CALL } from "./samples.mjs";
import { startServer } from "./server.mjs";
import { inDatabase, without } from "./suite.mjs";

const OTHER = { datetime: "time", numeric: "bigdecimal", serde: true, comments: false };

/** Schemas that are compiled with the other options as well; more would say the same again. */
const TWICE = /^(examples\/saas|emit\/sqlx\/|emit\/rpc\/rust|emit\/supabase\/hostile)/;

const slug = (schema) => schema.name.replaceAll(/\W/g, "_").toLowerCase();

/** The callers of a schema, beside the module of its structs. */
const rpc = (schema, models, options) => compileText(schema, "rpc", { language: "rust", models: `super::${models}`, ...options });

/** The field's value in a struct for writing, where it may be left out. */
function given(row, { field, type }) {
  const own = row.find((one) => one.field === field).type;
  return type === own ? `row.${field}.clone()` : `Some(row.${field}.clone())`;
}

/** The Rust that judges a module: a function for each table and view. */
function judgement(module, text) {
  const all = structs(text);
  const parts = [];
  for (const [, name] of text.matchAll(/^relation! \{\n {4}(\S+),/gm)) {
    // A name that is Rust's own has a `_` behind it.
    const stem = name.replace(/_$/, "");
    const [row, insert, update] = [all.get(name) ?? [], all.get(`New${stem}`), all.get(`${stem}Update`)];
    const read = `let rows: Vec<${module}::${name}> = crate::read(connection, ${module}::${name}::TABLE, ${module}::${name}::COLUMNS).await?;`;
    const list = (fields) => fields.map((one) => `${one.field}: ${given(row, one)}`).join(", ");
    const computed = row.filter(({ field }) => insert && !insert.some((one) => one.field === field));
    const kept = computed.map(({ field }) => `${field}: stored.${field}.clone(), `).join("");
    const meant = kept === "" ? "row.clone()" : `${module}::${name} { ${kept}..row.clone() }`;
    const inserts = insert && `
        sqlx::query(&format!("delete from {}", ${module}::${name}::TABLE)).execute(&mut *work).await?;
        let stored = ${module}::New${stem} { ${list(insert)} }.insert(&mut *work).await?;
        #[allow(clippy::needless_update)]
        crate::same("inserted", &stored, &${meant})?;`;
    const updates = update && `
        let mut query = sqlx::QueryBuilder::new(format!("update {} set ", ${module}::${name}::TABLE));
        let any = ${module}::${stem}Update { ${list(update)} }.push(&mut query);
        crate::same("changes", &any, &true)?;
        query.push(" returning ").push(${module}::${name}::COLUMNS);
        let stored: ${module}::${name} = query.build_query_as().fetch_one(&mut *work).await?;
        crate::same("updated", &stored, &${computed.length === 0 ? "row.clone()" : meant})?;`;
    const work = inserts || updates ? `
    for row in &rows {
        use sqlx::Connection as _;
        let mut work = connection.begin().await?;${inserts ?? ""}${updates ?? ""}
        work.rollback().await?;
    }` : "";
    const index = parts.length;
    parts.push({ call: `crate::say("${name}", ${module}_${index}(connection).await);`, code: `
async fn ${module}_${index}(connection: &mut PgConnection) -> crate::Judged {
    ${read}${work}
    Ok(rows.len())
}` });
  }
  return parts;
}

/** The Rust that judges the callers of a module: a function for each, which calls with all arguments and with those that it must. */
function invocations(module, text) {
  return callers(text).map(({ name, args, fields }, index) => {
    const call = (given) => {
      const list = fields.map(({ field, isOptional }, at) => {
        if (isOptional && !given) return `${field}: None`;
        return `${field}: ${isOptional ? `Some(sample.try_get(${at})?)` : `sample.try_get(${at})?`}`;
      });
      const passed = args ? `, ${module}::${args} { ${list.join(", ")} }` : "";
      return `
    let mut work = connection.begin().await?;
    crate::called("${name}", ${module}::${name}(&mut *work${passed}).await.map(|_| ()))?;
    work.rollback().await?;`;
    };
    const sample = fields.length === 0 ? "" : `
    let sample = crate::sample(connection, "${name}").await?;`;
    const uses = `
    use sqlx::Connection as _;${fields.length === 0 ? "" : `
    use sqlx::Row as _;`}`;
    const isTwice = fields.some((one) => one.isOptional);
    return { call: `crate::say("${name}", ${module}_${index}(connection).await);`, code: `
async fn ${module}_${index}(connection: &mut PgConnection) -> crate::Judged {${uses}${sample}${call(true)}${isTwice ? call(false) : ""}
    Ok(${isTwice ? 2 : 1})
}` };
  });
}

/** Leaves arguments for every caller in the database, as SQL that gives a column of the struct's type for each. */
async function leaveSamples(client, text) {
  const rows = async (sql, values) => (await client.query(sql, values)).rows;
  const functions = await calls(rows);
  await client.query("create table judge_samples (caller text, query text)");
  for (const { name, fields, function: signature } of callers(text)) {
    const [{ oid }] = await rows("select $1::regprocedure::oid::integer as oid", [signature]);
    const { args } = functions.find((one) => one.oid === oid);
    const columns = fields.map(({ type }, at) => {
      const cast = /<String>+$/.test(type) || type === "String" ? (type.includes("Vec") ? "::text[]" : "::text") : "";
      return `(${args[at].sample})${cast}`;
    });
    await client.query("insert into judge_samples values ($1, $2)", [name, `select ${columns.join(", ")}`]);
  }
}

describe("sqlx structs and callers", { timeout: 1_200_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  const files = [];
  const arms = [];
  const declared = [];
  const functions = [];
  let db;
  before(async () => {
    db = await startServer();
    lay(home);
    const module = (name, text) => {
      files.push(write(join(home, "src", `${name}.rs`), text));
      declared.push(name);
    };
    for (const schema of schemas()) {
      const name = slug(schema);
      const kept = without(schema, db, { diagnostic: () => {} });
      const text = compileText(kept, "sqlx");
      module(name, text);
      if (kept !== schema) module(`${name}_whole`, compileText(schema, "sqlx"));
      const called = rpc(kept, name, {});
      module(`${name}_rpc`, called);
      if (TWICE.test(schema.name)) {
        module(`${name}_other`, compileText(schema, "sqlx", OTHER));
        module(`${name}_other_rpc`, rpc(schema, `${name}_other`, OTHER));
      }
      const parts = [...judgement(name, text), ...invocations(`${name}_rpc`, called)];
      if (schema.name === "emit/rpc/rust") {
        declared.push("story");
        parts.push({ call: `crate::say("story", story::calls(connection).await);`, code: "" });
      }
      arms.push(`        "${name}" => {\n${parts.map((part) => `            ${part.call}`).join("\n")}\n        }`);
      functions.push(...parts.map((part) => part.code));
    }
    const modules = declared.map((name) => `#[path = "${name}.rs"]\nmod ${name};`).join("\n");
    const judge = `pub async fn judge(schema: &str, connection: &mut PgConnection) {\n    match schema {\n${arms.join("\n")}\n        other => panic!("{other}"),\n    }\n}`;
    write(join(home, "src/corpus.rs"), `//! All schemas.\nuse sqlx::PgConnection;\n${modules}\n${judge}\n${functions.join("\n")}\n`);
  });
  after(async () => {
    await db?.close();
    rmSync(home, { recursive: true, force: true });
  });

  for (const edition of ["2021", "2024"]) test(`rustfmt changes nothing, in edition ${edition}`, () => formatted(edition, files));

  describe("against PostgreSQL", () => {
    let program;
    before(async () => {
      program = await build(home);
    });

    for (const schema of schemas()) {
      test(`${schema.name}: every row is read, inserted and updated, every function called`, async (t) => {
        const kept = without(schema, db, t);
        const database = slug(schema);
        await inDatabase(db, database, kept.roles, [compileText(kept, "sql", { transaction: false })], async (client) => {
          for (const left of await fill(client)) t.diagnostic(`has no row: ${left}`);
          await leaveSamples(client, rpc(kept, slug(schema), {}));
        });
        const judged = await lines(program, [db.address.host, database, slug(schema)]);
        const isOurs = schema.name === "emit/rpc/rust";
        assert.deepEqual(judged.filter((one) => one.error || WRONG_CALL.test(one.code ?? "") || (isOurs && one.code)), []);
        for (const one of judged) if (one.refused) t.diagnostic(`refused: ${one.name}: ${one.refused}`);
        t.diagnostic(`${judged.reduce((sum, one) => sum + (one.rows ?? 0), 0)} rows and calls in ${judged.length} structs and callers`);
      });
    }
  });
});
