// The end of a build. In: what trunk made of the Rust, in the folder that it names. Out: that folder, complete: the bundles
// of js/ and style/, the compiler, the public files, the policy of the page, and the service worker with the list of all.

import { createHash } from "node:crypto";
import { copyFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const playground = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = process.env.TRUNK_STAGING_DIR;
if (dist === undefined) throw new Error("trunk runs this script: use `trunk build` or `trunk serve`");
const isRelease = process.env.TRUNK_PROFILE === "release";

const hash = (algorithm, content, encoding) => createHash(algorithm).update(content).digest(encoding);

const shared = {
  bundle: true,
  outdir: dist,
  format: "esm",
  target: ["chrome123", "firefox120", "safari17.5"],
  minify: isRelease,
  sourcemap: isRelease ? false : "inline",
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: playground,
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  define: { "import.meta.env.RELEASE": String(isRelease) },
};
await Promise.all([
  build({ ...shared, entryPoints: { page: "js/page.ts" }, splitting: true, chunkNames: "[name]-[hash]" }),
  build({ ...shared, entryPoints: { compiler: "js/compiler/worker.ts" } }),
  build({ ...shared, entryPoints: { page: "style/page.css" } }),
]);
cpSync(join(playground, "public"), dist, { recursive: true });
copyFileSync(join(playground, "../npm/wasm/schemagen_bg.wasm"), join(dist, "schemagen.wasm"));

writePolicy();
if (isRelease) await writeServiceWorker();

/** Allows what the page itself brings, and trunk's one inline script by its hash. */
function writePolicy() {
  const file = join(dist, "index.html");
  const html = readFileSync(file, "utf8");
  const inline = [...html.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, text]) => `'sha256-${hash("sha256", text, "base64")}'`);
  // CodeMirror makes its style sheet itself; other styles come from files.
  const nonce = hash("sha256", html, "hex").slice(0, 16);
  const policy = {
    "default-src": ["'none'"],
    "script-src": ["'self'", "'wasm-unsafe-eval'", ...(isRelease ? inline : ["'unsafe-inline'"])],
    "style-src": ["'self'", `'nonce-${nonce}'`],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'", ...(isRelease ? [] : ["ws:"])],
    "worker-src": ["'self'"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
  };
  const text = Object.entries(policy).map(([name, sources]) => `${name} ${sources.join(" ")}`).join("; ");
  const withNonce = html.replace("<html ", `<html data-style-nonce="${nonce}" `);
  writeFileSync(file, withNonce.replace('content="POLICY"', `content="${text}"`));
}

/** Names every file of the build and its content, so that a new build is fetched whole and works offline. */
async function writeServiceWorker() {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".gz"))
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1).replaceAll("\\", "/"))
    .filter((path) => path !== "service-worker.js")
    .sort();
  const version = hash("sha256", files.map((path) => hash("sha256", readFileSync(join(dist, path)), "hex")).join(), "hex").slice(0, 16);
  await build({
    ...shared,
    entryPoints: { "service-worker": "js/service-worker.ts" },
    format: "iife",
    define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) },
  });
}
