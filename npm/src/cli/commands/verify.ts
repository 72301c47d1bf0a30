// `schemagen verify`: a real PostgreSQL judges the SQL.

import type { Command } from "commander";
import { platformSql } from "../../compiler/node.js";
import { openProject, Project } from "../../project.js";
import type { Diagnostic } from "../../types.js";
import { type ConfigOptions, EXIT, type Exit, exits, type FormatOptions, withConfig, withFormat } from "../args.js";
import { colors, progress, say, sayFindings, sayJson } from "../render.js";

interface Options extends FormatOptions, ConfigOptions {
  db?: string;
}

const AFTER = `
The SQL is applied in a transaction and rolled back. By default the database is PGlite, a PostgreSQL that runs inside of
this process and needs no server. Where Supabase's roles and schemas are missing, stand-ins for them come first.

Examples:
  $ schemagen verify
  $ schemagen verify schema/
  $ schemagen verify --db postgres://postgres:postgres@localhost:54322/postgres
`;

export function defineVerify(program: Command): void {
  const command = program
    .command("verify")
    .description("let a real PostgreSQL judge the SQL")
    .argument("[files...]", "files, folders or globs, as one schema (default: the configuration's schemas)")
    .option("--db <url>", "a server to use in place of the embedded PostgreSQL")
    .addHelpText("after", AFTER)
    .action(exits(run));
  withFormat(withConfig(command));
}

async function run(names: string[], options: Options): Promise<Exit> {
  const cwd = process.cwd();
  const project = names.length > 0 ? Project.ofFiles(names, cwd) : await openProject({ cwd, config: options.config });
  const started = performance.now();
  const programs = await project.programs();
  const files = programs.flatMap((program) => program.files);
  let diagnostics: Diagnostic[] = programs.flatMap((program) => program.diagnostics);
  if (!programs.every((program) => program.ok)) {
    if (options.format === "json") sayJson({ ok: false, diagnostics });
    sayFindings(process.stdout, { files, diagnostics }, options);
    return EXIT.findings;
  }
  const { openDatabase } = await import("../../db/index.js");
  const { extensionsOf, unavailable } = await import("../../db/apply.js");
  const { extensionHelp, verify } = await import("../../db/verify.js");
  const busy = progress(options.db === undefined ? "starting PostgreSQL" : "connecting");
  try {
    const scripts = [...platformSql().split("\n\n"), ...programs.flatMap(({ statements }) => statements.map(({ sql }) => sql))];
    const { database, missing } = await openDatabase({ url: options.db, extensions: extensionsOf(scripts), root: project.root });
    let applied = 0;
    try {
      diagnostics = diagnostics.concat(programs.flatMap((program) => unavailable(program.statements, missing, extensionHelp)));
      for (const program of missing.length > 0 ? [] : programs) {
        const total = program.statements.length;
        const verdict = await verify(database, program, (done) => busy.update(`${done} of ${total} statements`));
        applied += verdict.applied;
        diagnostics = diagnostics.concat(verdict.diagnostics);
      }
    } finally {
      await database.close();
    }
    busy.done();
    const ok = !diagnostics.some(({ severity }) => severity === "error");
    if (options.format === "json") sayJson({ ok, database: database.name, applied, diagnostics });
    sayFindings(process.stdout, { files, diagnostics }, options);
    if (ok && options.format !== "json") {
      const c = colors(process.stdout);
      const time = `${((performance.now() - started) / 1000).toFixed(1)} s`;
      say(process.stdout, `${c.green("ok")}: ${database.name} took ${applied} statements, and they were rolled back ${c.dim(`(${time})`)}`);
    }
    return ok ? EXIT.ok : EXIT.findings;
  } finally {
    busy.done();
  }
}
