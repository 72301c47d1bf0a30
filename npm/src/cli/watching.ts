// `generate --watch`: the loop around it. Goes on after errors; ends at Ctrl-C.

import { dirname, extname, resolve } from "node:path";
import { CONFIG_NAMES, findConfig } from "../config-file.js";
import { globBase } from "../glob.js";
import { openProject, type Project } from "../project.js";
import { watch } from "../watch.js";
import { EXIT, type Exit } from "./args.js";
import { colors, say, sayFailure } from "./render.js";

const IGNORED = /[\\/](node_modules|\.git|\.schemagen)([\\/]|$)/;
const SCHEMA_FILE = [".yaml", ".yml", ".json"];

/** Runs `generate` now and whenever an input changes. */
export async function watchGenerate(
  config: string | undefined,
  generate: (project: Project) => Promise<Exit>,
): Promise<Exit> {
  const cwd = process.cwd();
  const c = colors(process.stdout);
  const project = await openProject({ cwd, config });
  await generate(project);

  const file = project.configFile ?? findConfig(cwd) ?? cwd;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const folders = project.schemas.flatMap((schema) => schema.files.filter((file) => !file.startsWith("!"))).map((pattern) => resolve(project.root, globBase(pattern)));
  await watch(
    [...new Set([dirname(file), ...folders])],
    {
      ignored: (path, stats) => IGNORED.test(path) || (stats?.isFile() === true && !isInput(path, file)),
      signal: stop.signal,
      ready: () => say(process.stdout, c.dim("watching; Ctrl-C ends it")),
    },
    async (paths) => {
      say(process.stdout, c.dim(`\n${new Date().toLocaleTimeString()}  ${paths.length === 1 ? paths[0] : `${paths.length} files`} changed`));
      try {
        await generate(await openProject({ cwd, config: file, fresh: true }));
      } catch (error) {
        sayFailure(error);
      }
    },
  );
  return EXIT.ok;
}

function isInput(path: string, config: string): boolean {
  return path === config || CONFIG_NAMES.some((name) => path.endsWith(name)) || SCHEMA_FILE.includes(extname(path));
}
