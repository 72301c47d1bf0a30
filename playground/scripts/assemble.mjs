// The end of a build. In: what trunk made of the Rust, in the folder that it names. Out: that folder, complete: the bundles
// of js/ and style/, the public files, the page's head and policy, and the service worker with the list of all.
// A release has each file of the first visit also as a static host sends it, compressed.

import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { build } from "esbuild";

const playground = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = process.env.TRUNK_STAGING_DIR;
if (dist === undefined) throw new Error("trunk runs this script: use `trunk build` or `trunk serve`");
const isRelease = process.env.TRUNK_PROFILE === "release";

const hash = (algorithm, content, encoding) => createHash(algorithm).update(content).digest(encoding);

/**
 * What a key pays for in the editor's libraries without need. A version that reads otherwise stops the build.
 *
 * - Where text was taken away, `@codemirror/state` looks, in the marks from before, for places of the text after, and finds the
 *   end of every mark behind them changed. So the editor composes anew all words that stand there, which costs half as much
 *   again as all else that a key does.
 * - At the end of a text, `@lezer/yaml` leaves no block, as it does at the end of one elsewhere. So it says of the tables of a
 *   schema that they stand in the last block of the last of them, where nothing is ever read again, and each is read anew.
 * - `@codemirror/view` keeps the lines of a thousand pixels that nobody sees ready to be scrolled to, and Chromium goes through
 *   all of them on a key. Four hundred are more than what is scrolled over between two frames.
 */
const MENDED = [
  [/@codemirror\/state\/dist\/index\.js$/, "(dEnd || a.openEnd(end) != b.openEnd(end))", "(dEnd || a.openEnd(end - dPos) != b.openEnd(end))"],
  [/@lezer\/yaml\/dist\/index\.js$/, "if (term == blockEnd)", "if (term == blockEnd || term == eof && context.parent)"],
  [/@codemirror\/view\/dist\/index\.js$/, "1000 /* VP.Margin */", "400 /* VP.Margin */"],
];
const mended = {
  name: "mended",
  setup({ onLoad }) {
    for (const [filter, wrong, right] of MENDED) {
      onLoad({ filter }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!text.includes(wrong)) throw new Error(`${path} reads otherwise than it did: see what of \`MENDED\` is still needed`);
        return { contents: text.replaceAll(wrong, right) };
      });
    }
  },
};

/** The glue of the page's WebAssembly stands for the package's, whose doors it has too. */
const glue = readdirSync(dist).find((name) => /^schemagen-playground-\w+\.js$/.test(name));
const GLUE = /\/wasm\/schemagen\.js$/;
/** The page has loaded it already. */
const loaded = { name: "loaded", setup: ({ onResolve }) => onResolve({ filter: GLUE }, () => ({ path: `./${glue}`, external: true })) };
/** A thread has it in its own script. What it takes from the page is nothing there, but has to be given. */
const bundled = {
  name: "bundled",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: GLUE }, () => ({ path: join(dist, glue) }));
    onResolve({ filter: /^\.\/page\.js$/ }, ({ path }) => ({ path, namespace: "nothing" }));
    onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: written.exports.map((name) => `export function ${name}() {}`).join("\n") }));
  },
};

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
  plugins: [mended, loaded],
};
const postgres = collectPostgres();
const { metafile } = await build({ ...shared, entryPoints: { page: "js/page.ts" }, splitting: true, chunkNames: "[name]-[hash]", metafile: true });
/** What the page's script was made with. */
const written = Object.entries(metafile.outputs).find(([path]) => basename(path) === "page.js")[1];
await Promise.all([
  build({ ...shared, entryPoints: { compiler: "js/compiler/worker.ts" }, plugins: [mended, bundled], logOverride: { "duplicate-object-key": "silent" } }),
  build({ ...shared, entryPoints: { page: "style/page.css" } }),
  build({
    ...shared,
    entryPoints: { "postgres/database": "js/run/worker.ts" },
    // What PGlite asks of Node.js, where it runs in that.
    external: ["./node_modules/@electric-sql/pglite/dist/fs/nodefs.js", "node:*", "fs", "fs/promises", "stream", "stream/promises", "util", "zlib"],
    define: { SIZES: JSON.stringify(postgres.sizes), EXTENSIONS: JSON.stringify(postgres.extensions) },
  }),
]);
cpSync(join(playground, "public"), dist, { recursive: true });

for (const file of postgres.files) cpSync(file, join(dist, "postgres", basename(file)));

writeHead();
writePolicy();
if (isRelease) {
  await writeServiceWorker();
  await compress();
}

/** PGlite's files: those it starts with, by size, and the archives of the extensions, by the names SQL has for them. */
function collectPostgres() {
  const { resolve } = createRequire(import.meta.url);
  const folders = ["@electric-sql/pglite", "@electric-sql/pglite-pgvector"].map((name) => dirname(resolve(name)));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const core = files.filter((file) => ["pglite.wasm", "initdb.wasm", "pglite.data"].includes(basename(file)));
  const archives = files.filter((file) => file.endsWith(".tar.gz"));
  const extensions = Object.fromEntries(archives.map((file) => [basename(file, ".tar.gz"), basename(file)]));
  return {
    files: [...core, ...archives],
    sizes: Object.fromEntries(core.map((file) => [basename(file), statSync(file).size])),
    // One archive that has several extensions, none of which is called as it is.
    extensions: { ...extensions, moddatetime: "spi.tar.gz" },
  };
}

/** Asks for what the page's script begins with together with it, not after it; trunk does so for the glue. */
function writeHead() {
  const chunks = written.imports.filter(({ kind, external }) => kind === "import-statement" && !external);
  const links = chunks.map(({ path }) => `<link rel="modulepreload" href="./${basename(path)}" />`);
  const file = join(dist, "index.html");
  writeFileSync(file, readFileSync(file, "utf8").replace("<!-- What page.js imports: scripts/assemble.mjs writes it. -->", links.join("")));
}

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
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1).replaceAll("\\", "/"))
    .filter((path) => path !== "service-worker.js")
    .sort();
  // PostgreSQL weighs ten times the page: it is kept when it was first asked for.
  const isLater = (path) => path.startsWith("postgres/");
  const version = hash("sha256", files.map((path) => hash("sha256", readFileSync(join(dist, path)), "hex")).join(), "hex").slice(0, 16);
  await build({
    ...shared,
    entryPoints: { "service-worker": "js/service-worker.ts" },
    format: "iife",
    define: { FILES: JSON.stringify(files.filter((path) => !isLater(path))), LATER: JSON.stringify(files.filter(isLater)), VERSION: JSON.stringify(version) },
  });
}

/** Writes each file of the page that becomes smaller by it a second time, compressed as no host has time to on each visit. */
async function compress() {
  const files = readdirSync(dist).filter((name) => /\.(css|html|js|svg|wasm|webmanifest)$/.test(name));
  await Promise.all(
    files.map(async (name) => {
      const content = readFileSync(join(dist, name));
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
      writeFileSync(join(dist, `${name}.br`), await promisify(brotliCompress)(content, { params }));
    }),
  );
}
