// `schemagen/rollup`: the plugin for Rollup.

import type { Plugin } from "rollup" with { "resolution-mode": "import" };
import { hooks } from "../hooks.js";
import type { PluginOptions } from "../options.js";
import { compileVirtual } from "../virtual.js";

export type { PluginOptions };

/** The plugin for Rollup. */
const schemagen: (options?: PluginOptions) => Plugin = (options) => hooks(options, compileVirtual).common;
export default schemagen;
