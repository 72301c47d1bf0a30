// `schemagen/rollup`: the plugin for Rollup.

import type { Plugin } from "rollup" with { "resolution-mode": "import" };
import { plugin } from "../index.js";
import type { PluginOptions } from "../options.js";

export type { PluginOptions };

/** The plugin for Rollup. */
const schemagen: (options?: PluginOptions) => Plugin = plugin.rollup;
export default schemagen;
