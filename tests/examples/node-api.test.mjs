// examples/node-api, built and run on a PostgreSQL server: requests go in, rows come out, and who may do what is decided
// by the policies of its schema.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { startServer } from "../judges/server.mjs";
import { folderOf, run } from "./app.mjs";

const folder = folderOf("node-api");
const ANN = { id: "6f6f6f6f-0000-4000-8000-000000000001", role: "member" };
const BEN = { id: "6f6f6f6f-0000-4000-8000-000000000002", role: "member" };
const EVE = { id: "6f6f6f6f-0000-4000-8000-000000000003", role: "moderator" };

describe("examples/node-api", { timeout: 300_000 }, () => {
  let server;
  let pool;
  let app;

  before(async () => {
    await run(folder, ["npm", "run", "build"]);
    server = await startServer();
    await server.run(readFileSync(join(folder, "src/generated/schema.sql"), "utf8"));
    await server.run("create role app login; grant member, moderator to app");
    pool = new pg.Pool({ ...server.address, user: "app" });
    const { createApp } = await import(pathToFileURL(join(folder, "dist/app.js")).href);
    app = createApp(pool, (request) => JSON.parse(request.headers.get("caller") ?? "null") ?? undefined);
  });
  after(async () => {
    await pool?.end();
    await server?.close();
  });

  /** Sends a request as `caller`; gives the status and the body. */
  async function send(caller, method, path, body) {
    const headers = { "content-type": "application/json", ...(caller && { caller: JSON.stringify(caller) }) };
    const answer = await app.request(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  }
  const titles = async (caller) => (await send(caller, "GET", "/notes")).body.map(({ title }) => title).sort();

  test("a note goes in and comes out, with what the database adds", async () => {
    const { status, body } = await send(ANN, "POST", "/notes", { title: "Milk", author: BEN.id });
    assert.equal(status, 201);
    assert.match(body.id, /^[\da-f-]{36}$/);
    assert.deepEqual({ title: body.title, body: body.body, visibility: body.visibility, author: body.author }, { title: "Milk", body: "", visibility: "private", author: ANN.id });
    assert.ok(!Number.isNaN(Date.parse(body.created_at)));
  });

  test("each sees what the policies let them see", async () => {
    await send(ANN, "POST", "/notes", { title: "Party", visibility: "shared" });
    await send(BEN, "POST", "/notes", { title: "Diary" });
    assert.deepEqual(await titles(ANN), ["Milk", "Party"]);
    assert.deepEqual(await titles(BEN), ["Diary", "Party"]);
    assert.deepEqual(await titles(EVE), ["Diary", "Milk", "Party"]);
    assert.equal((await send(undefined, "GET", "/notes")).status, 401);
  });

  test("a note of somebody else is not there to be changed", async () => {
    const [party] = (await send(BEN, "GET", "/notes")).body.filter(({ title }) => title === "Party");
    assert.equal((await send(BEN, "PATCH", `/notes/${party.id}`, { title: "Mine" })).status, 404);
    assert.equal((await send(BEN, "DELETE", `/notes/${party.id}`)).status, 404);
    assert.equal((await send(ANN, "PATCH", `/notes/${party.id}`, { title: "Feast", body: "at eight" })).body.title, "Feast");
    assert.equal((await send(ANN, "PATCH", `/notes/${party.id}`, { visibility: "hidden" })).status, 403);
    assert.equal((await send(EVE, "PATCH", `/notes/${party.id}`, { title: "Edited" })).status, 403);
    assert.equal((await send(EVE, "PATCH", `/notes/${party.id}`, { visibility: "hidden" })).body.visibility, "hidden");
    assert.deepEqual(await titles(BEN), ["Diary"]);
    assert.equal((await send(EVE, "DELETE", `/notes/${party.id}`)).status, 403);
    assert.equal((await send(EVE, "POST", "/notes", { title: "New" })).status, 403);
    assert.equal((await send(ANN, "DELETE", `/notes/${party.id}`)).status, 204);
  });

  test("what the database would refuse does not reach it", async () => {
    for (const body of [{}, { title: "" }, { title: "x".repeat(121) }, { title: "x", visibility: "secret" }, { title: "x", body: 1 }, []]) {
      assert.equal((await send(ANN, "POST", "/notes", body)).status, 422, JSON.stringify(body).slice(0, 40));
    }
    const { body } = await send(ANN, "POST", "/notes", { title: "" });
    assert.ok(body.error.fieldErrors.title.length > 0);
    assert.equal((await send(ANN, "PATCH", "/notes/1", { title: "x" })).status, 422);
    assert.equal((await send(ANN, "PATCH", `/notes/${ANN.id}`, {})).status, 422);
    assert.equal((await app.request("/notes", { method: "POST", headers: { caller: JSON.stringify(ANN) }, body: "{" })).status, 400);
  });

  test("text of a request stays text", async () => {
    const title = "'; drop table notes; --";
    assert.equal((await send(ANN, "POST", "/notes", { title, "x = 1; --": 1 })).body.title, title);
    assert.ok((await titles(ANN)).includes(title));
  });
});
