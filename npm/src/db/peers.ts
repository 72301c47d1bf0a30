// The drivers, which are optional peers of this package.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../errors.js";

/** Imports a peer from the project, else from where schemagen is installed; `undefined` if it is in neither. */
export async function importPeer<T>(name: string, root: string): Promise<T | undefined> {
  const tried = [join(root, "package.json"), import.meta.url];
  for (const from of tried) {
    try {
      return (await import(pathToFileURL(createRequire(from).resolve(name)).href)) as T;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "MODULE_NOT_FOUND" && code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
    }
  }
  return undefined;
}

/** What to say of a peer that is not installed. */
export function missingPeer(name: string, version: string, purpose: string): UserError {
  return new UserError(`${purpose} needs the package ${name}, which is not installed`, {
    help: `install it: npm install --save-dev ${name}@${version}`,
  });
}
