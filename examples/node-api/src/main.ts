// The server. In: DATABASE_URL and PORT. Callers are told apart by headers that a gateway in front has checked; put the
// verification of your tokens here.

import { serve } from "@hono/node-server";
import pg from "pg";
import { z } from "zod";
import { type Authenticate, createApp } from "./app.js";

const Headers = z.object({ "x-member-id": z.uuid(), "x-member-role": z.enum(["member", "moderator"]).default("member") });

const authenticate: Authenticate = (request) => {
  const { success, data } = Headers.safeParse(Object.fromEntries(request.headers));
  return success ? { id: data["x-member-id"], role: data["x-member-role"] } : undefined;
};

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const server = serve({ fetch: createApp(pool, authenticate).fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`listening on http://localhost:${port}`);
});

process.on("SIGTERM", () => {
  server.close(() => void pool.end());
});
