// What the browser talks to in the test of examples/vite-react-supabase: its built files, and the two requests of
// supabase-js that it makes, answered from a PGlite as the role `anon`. PostgREST itself is no npm package.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { text } from "node:stream/consumers";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** Serves `dist` and the REST API of `db`; gives the address, the requests to the API, and `close`. */
export async function serve(dist, db) {
  const requests = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const table = /^\/rest\/v1\/(\w+)$/.exec(url.pathname)?.[1];
    if (table === undefined) return file(response, join(dist, normalize(url.pathname === "/" ? "/index.html" : url.pathname)));
    requests.push(`${request.method} ${table}`);
    answer(db, table, request, url.searchParams).then(
      ({ status, body }) => json(response, status, body),
      (error) => json(response, 403, { code: error.code, message: error.message }),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { url: `http://127.0.0.1:${server.address().port}`, requests, close };
}

/** One statement, as `anon`, under the policies of the schema. */
async function answer(db, table, request, parameters) {
  return db.transaction(async (transaction) => {
    await transaction.exec("set local role anon; set local timezone to 'UTC'");
    if (request.method === "POST") {
      const row = JSON.parse(await text(request));
      const columns = Object.keys(row).map((name) => `"${name}"`).join(", ");
      const insert = `insert into "${table}" (${columns}) select ${columns} from jsonb_populate_record(null::"${table}", $1) returning *`;
      const { rows } = await transaction.query(`with made as (${insert}) select to_jsonb(made) as row from made`, [JSON.stringify(row)]);
      return { status: 201, body: rows[0].row };
    }
    const [column, direction] = parameters.get("order").split(".");
    const { rows } = await transaction.query(`select to_jsonb(t) as row from "${table}" t order by "${column}" ${direction}`);
    return { status: 200, body: rows.map(({ row }) => row) };
  });
}

function json(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function file(response, path) {
  if (!existsSync(path)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
  createReadStream(path).pipe(response);
}
