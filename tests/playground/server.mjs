// The built playground as a static host serves it: compressed as the build left it, or else on the way, with the policy as a
// header too. In: the folder. Out: a server on a free port of localhost, what it sent, and a way to end it.

import { createServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".data": "application/octet-stream",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** Compressed already. */
const PACKED = new Set([".woff2", ".gz"]);

/** Serves `folder`. */
export async function serve(folder) {
  const bodies = new Map();
  const sent = [];
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(readFileSync(join(folder, "index.html"), "utf8"))[1];

  function body(path) {
    const file = join(folder, normalize(path));
    if (!file.startsWith(folder) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
    if (!bodies.has(file)) bodies.set(file, PACKED.has(extname(file)) ? { content: readFileSync(file) } : { content: compressed(file), encoding: "br" });
    return bodies.get(file);
  }

  function compressed(file) {
    if (existsSync(`${file}.br`)) return readFileSync(`${file}.br`);
    return brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const found = body(decodeURIComponent(path));
    if (found === undefined) return response.writeHead(404).end();
    sent.push({ path, bytes: found.content.length });
    response.writeHead(200, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "content-security-policy": `${policy}; frame-ancestors 'none'`,
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      ...(found.encoding && { "content-encoding": found.encoding }),
    });
    response.end(found.content);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://localhost:${server.address().port}/`,
    sent,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
