// `schemagen/rolldown`: the plugin for Rolldown.

import type { Plugin } from "rolldown" with { "resolution-mode": "import" };
import { hooks } from "../hooks.js";
import type { PluginOptions } from "../options.js";
import { readVirtual } from "../virtual.js";

export type { PluginOptions };

/** The plugin for Rolldown. */
const schemagen: (options?: PluginOptions) => Plugin = (options) => hooks(options, readVirtual).common;
export default schemagen;
