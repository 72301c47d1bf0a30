// Every bundler, as its users run it. In: a project's folder. Out: for each bundler a script that builds `src/main.js` to
// `dist/main.js`, once or, with `--watch`, on every change; it exits with 1 where the build fails and says why.

const ENTRY = "./src/main.js";

/** A rebuild says `built` or `failed`. */
const onEnd = `const end = (errors) => {
  if (errors.length > 0) console.error("failed", errors.join("\\n"));
  else console.log("built");
  if (!watch) process.exitCode = errors.length > 0 ? 1 : 0;
};
const watch = process.argv.includes("--watch");
`;

/** Rollup's own watching, which Rolldown shares. */
const rollupLike = (extra) => `
const options = { input: "${ENTRY}", external: ["zod"], plugins: [schemagen()${extra}], output: { file: "dist/main.js", format: "es" } };
if (watch) {
  bundler.watch(options).on("event", (event) => {
    if (event.code === "END") end([]);
    if (event.code === "ERROR") end([event.error.message]);
    event.result?.close();
  });
} else {
  try {
    const bundle = await bundler.rollup(options);
    await bundle.write(options.output);
    end([]);
  } catch (error) {
    end([error.message]);
  }
}
`;

/** webpack, and Rspack, which has its interface. */
const webpackLike = `
const compiler = bundler({
  mode: "production",
  entry: "${ENTRY}",
  experiments: { outputModule: true },
  externals: { zod: "module zod" },
  output: { filename: "main.js", library: { type: "module" } },
  module: { rules: RULES },
  plugins: [schemagen()],
});
const done = (error, stats) => end(error ? [error.message] : stats.toJson({ all: false, errors: true }).errors.map(({ message }) => message));
if (watch) compiler.watch({}, done);
else compiler.run(done);
`;

/** The script of each bundler. */
export const RECIPES = {
  vite: `import * as bundler from "vite";
import schemagen from "schemagen/vite";
${onEnd}
const build = { lib: { entry: "${ENTRY}", formats: ["es"], fileName: () => "main.js" }, rollupOptions: { external: ["zod"] }, watch: watch ? {} : null };
try {
  const watcher = await bundler.build({ configFile: false, logLevel: "error", plugins: [schemagen()], build });
  if (watch) watcher.on("event", ({ code, error }) => (code === "END" ? end([]) : code === "ERROR" && end([error.message])));
  else end([]);
} catch (error) {
  end([error.message]);
}
`,
  rollup: `import * as bundler from "rollup";
import schemagen from "schemagen/rollup";
${onEnd}${rollupLike("")}`,
  rolldown: `import * as rolldown from "rolldown";
import schemagen from "schemagen/rolldown";
const bundler = { rollup: rolldown.rolldown, watch: rolldown.watch };
${onEnd}${rollupLike("")}`,
  webpack: `import bundler from "webpack";
import schemagen from "schemagen/webpack";
${onEnd}${webpackLike.replace("RULES", "[]")}`,
  rspack: `import { rspack as bundler } from "@rspack/core";
import schemagen from "schemagen/rspack";
${onEnd}${webpackLike.replace("RULES", "[]")}`,
  esbuild: `import * as bundler from "esbuild";
import schemagen from "schemagen/esbuild";
${onEnd}
const options = { entryPoints: ["${ENTRY}"], bundle: true, outfile: "dist/main.js", format: "esm", external: ["zod"], logLevel: "silent" };
const told = { name: "told", setup: (build) => build.onEnd(({ errors }) => end(errors.map(({ text }) => text))) };
const context = await bundler.context({ ...options, plugins: [schemagen(), told] });
if (watch) await context.watch();
else await context.rebuild().catch(() => {}).finally(() => context.dispose());
`,
};
