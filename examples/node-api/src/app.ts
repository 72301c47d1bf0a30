// The API. In: requests. Out: responses. What comes from outside is parsed by the generated validators, so that nothing
// reaches the database that it would refuse; what the policies forbid is not there.

import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Pool } from "pg";
import { z } from "zod";
import { as, type Caller } from "./database.js";
import { NoteInsertSchema, NoteSchema, NoteUpdateSchema } from "./generated/schema.js";

/** What a caller may say of a note; the rest is the database's. */
const WRITABLE = { title: true, body: true, visibility: true } as const;
const NewNote = NoteInsertSchema.pick(WRITABLE);
const NoteChange = NoteUpdateSchema.pick(WRITABLE);

/** Tells who sends a request; nothing if nobody we know. */
export type Authenticate = (request: Request) => Caller | undefined;

/** The API over a database. */
export function createApp(pool: Pool, authenticate: Authenticate): Hono<{ Variables: { caller: Caller } }> {
  const app = new Hono<{ Variables: { caller: Caller } }>();

  app.use(async (context, next) => {
    const caller = authenticate(context.req.raw);
    if (caller === undefined) throw new HTTPException(401, { message: "sign in first" });
    context.set("caller", caller);
    await next();
  });

  app.get("/notes", async (context) => {
    const { rows } = await as(pool, context.var.caller, (client) => client.query("select * from notes order by created_at, id"));
    return context.json(z.array(NoteSchema).parse(rows));
  });

  app.post("/notes", async (context) => {
    const { columns, places, values } = statementParts(NewNote.parse(await context.req.json()));
    const { rows } = await as(pool, context.var.caller, (client) =>
      client.query(`insert into notes (${columns}) values (${places}) returning *`, values),
    );
    return context.json(NoteSchema.parse(rows[0]), 201);
  });

  app.patch("/notes/:id", async (context) => {
    const id = NoteSchema.shape.id.parse(context.req.param("id"));
    const { columns, places, values } = statementParts(NoteChange.parse(await context.req.json()));
    const { rows } = await as(pool, context.var.caller, (client) =>
      client.query(`update notes set (${columns}) = row (${places}) where id = $${values.length + 1} returning *`, [...values, id]),
    );
    if (rows.length === 0) throw new HTTPException(404, { message: "there is no such note" });
    return context.json(NoteSchema.parse(rows[0]));
  });

  app.delete("/notes/:id", async (context) => {
    const id = NoteSchema.shape.id.parse(context.req.param("id"));
    const { rowCount } = await as(pool, context.var.caller, (client) => client.query("delete from notes where id = $1", [id]));
    if (rowCount === 0) throw new HTTPException(404, { message: "there is no such note" });
    return context.body(null, 204);
  });

  app.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ error: error.message }, error.status);
    if (error instanceof SyntaxError) return context.json({ error: "the body must be JSON" }, 400);
    if (error instanceof z.ZodError) return context.json({ error: z.flattenError(error) }, 422);
    if ("code" in error && error.code === INSUFFICIENT_PRIVILEGE) return context.json({ error: "you may not do that" }, 403);
    console.error(error);
    return context.json({ error: "that is our fault" }, 500);
  });
  return app;
}

/** PostgreSQL's code where a policy or a missing grant forbids something. */
const INSUFFICIENT_PRIVILEGE = "42501";

/** A validated object as the parts of a statement. Its keys are columns of the schema: the validators strip others. */
function statementParts(fields: Record<string, unknown>): { columns: string; places: string; values: unknown[] } {
  const names = Object.keys(fields);
  if (names.length === 0) throw new HTTPException(422, { message: "say at least one field" });
  return { columns: names.join(", "), places: names.map((_, index) => `$${index + 1}`).join(", "), values: Object.values(fields) };
}
