// What the plugin does in every bundler's builds. In: the folder to search for a configuration. Out: the project, generated
// anew for each build, and the modules that are no files of the user's. Knows no bundler.

import { existsSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pc from "picocolors";
import { VIRTUAL, virtualPath } from "../config.js";
import { UserError } from "../errors.js";
import { type Generation, openProject, type Project } from "../project.js";
import { report } from "../report.js";
import type { Round } from "../watch.js";
import { asError, type Problem, problemOf, problemOfFailure } from "./problem.js";

/** The ids of virtual modules. */
export const VIRTUAL_ID = new RegExp(`^${VIRTUAL}`);

/** The files of virtual modules, in any project. */
export const VIRTUAL_FILE = /[\\/]\.schemagen[\\/]virtual[\\/].+\.ts$/;

/** The project of one bundler. */
export class Session {
  /** The folder that paths are shown relative to. */
  readonly cwd: string;
  readonly #config: string | undefined;
  #project: Project | undefined;
  /** The last build without errors. */
  #before: Round | undefined;

  constructor(cwd: string, config: string | undefined) {
    this.cwd = cwd;
    this.#config = config;
  }

  /** The project, with its configuration as it is now. */
  async project(): Promise<Project> {
    const options = { cwd: this.cwd, config: this.#config };
    this.#project = this.#project === undefined ? await openProject(options) : await this.#project.reload();
    return this.#project;
  }

  /** Generates for a build that begins now, with the configuration as it is now; gives what is wrong. */
  async generate(): Promise<Error | undefined> {
    let problem: Problem | undefined;
    try {
      const project = await this.project();
      await savesAreDone(project);
      const generation = await project.generate();
      problem = problemOf(generation, this.cwd);
      if (problem === undefined) this.#warn(generation);
    } catch (error) {
      problem = problemOfFailure(error);
    }
    return problem && asError(problem);
  }

  /** Says what is no error, once. */
  #warn(generation: Generation): void {
    const round: Round = { changed: [], generation, time: 0 };
    const { findings } = report(round, this.#before, "rich", { color: pc.isColorSupported });
    if (findings !== "") console.warn(findings.trimEnd());
    this.#before = round;
  }

  /** The files and folders whose changes ask for a new build; as much as is known where the configuration is broken. */
  inputs(): { files: string[]; folders: string[] } {
    const project = this.#project;
    if (project === undefined) return { files: [], folders: [] };
    const files = [...project.stamps().keys()];
    // A folder that holds the project holds the bundler's output too: to watch it would be to build without end.
    const isOwn = (base: string): boolean => !files.includes(base) && !`${project.root}${sep}`.startsWith(base + sep);
    return { files, folders: project.inputBases().filter((base) => isOwn(base) && existsSync(base)) };
  }

  /** The file that holds the virtual module `id`. */
  resolve(id: string): string {
    const file = resolve(this.#project?.root ?? this.cwd, virtualPath(id.slice(VIRTUAL.length)));
    if (existsSync(file)) return file;
    throw new UserError(`there is no module \`${id}\`: give an output of schemagen's configuration \`"out": "${id}"\``);
  }
}

/** How long a file that was saved is left alone, in milliseconds: editors empty it first, and write it then. */
const SAVING = 30;

/** Waits for saves that are under way: bundlers build at the first sign of one, and may not notice its end. */
async function savesAreDone(project: Project): Promise<void> {
  const isSaved = (path: string): boolean => {
    const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { size: 1, mtimeMs: 0 };
    return size > 0 && Math.abs(Date.now() - mtimeMs) > SAVING;
  };
  for (let tries = 0; tries < 5 && ![...project.stamps().keys()].every(isSaved); tries += 1) await sleep(SAVING);
}
