// TypeScript's tools as functions. In: modules as texts. Out: what tsc, prettier and TypeScript's parser have to say of
// them. Compiles a folder of modules in one run, as tsc is slow to start.

import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as prettier from "prettier";
import { parsers } from "prettier/plugins/typescript";
import { root } from "./corpus.mjs";

/** The packages of the judges. */
export const modules = join(root, "tests/node_modules");

/** TypeScript's strictest settings. */
export const CONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    module: "esnext",
    moduleResolution: "bundler",
    target: "es2022",
    lib: ["es2022"],
    types: [],
    skipLibCheck: true,
  },
  include: ["**/*.ts"],
};

/** Writes a file and the folders above it. */
export function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What the compiler has to say of a project; nothing if all is well. */
export async function tsc(project) {
  const program = join(modules, ".bin/tsc");
  try {
    await promisify(execFile)(program, ["--project", project, "--pretty", "false"], { cwd: project, maxBuffer: 1 << 26 });
    return "";
  } catch (error) {
    return (error.stdout || error.message).slice(0, 5_000);
  }
}

/** The first lines that prettier would write otherwise, with their number; nothing if it changes none. */
export async function reformatted(text, parser = "typescript") {
  const formatted = await prettier.format(text, { parser });
  if (text === formatted) return undefined;
  const [left, right] = [text.split("\n"), formatted.split("\n")];
  const at = left.findIndex((line, index) => line !== right[index]);
  return { line: at + 1, ours: left.slice(at, at + 3), prettier: right.slice(at, at + 3) };
}

/** A module as TypeScript's own parser reads it: statements in ESTree's form. */
export const parse = (text) => parsers.typescript.parse(text, { filepath: "module.ts" }).body;

/** The names that a module exports. */
export function exported(statements) {
  return statements
    .filter((one) => one.type === "ExportNamedDeclaration")
    .flatMap(({ declaration }) => declaration.declarations?.map((one) => one.id.name) ?? [declaration.id.name]);
}

/** The members of a type literal, by name; a mapped type over nothing has none. */
export const members = (type) => new Map((type.members ?? []).map((one) => [one.key.name ?? one.key.value, one.typeAnnotation?.typeAnnotation]));
