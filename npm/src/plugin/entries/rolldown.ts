// `schemagen/rolldown`: the plugin for Rolldown.

import type { Plugin } from "rolldown" with { "resolution-mode": "import" };
import { plugin } from "../index.js";
import type { PluginOptions } from "../options.js";

export type { PluginOptions };

/** The plugin for Rolldown. */
const schemagen: (options?: PluginOptions) => Plugin = plugin.rolldown;
export default schemagen;
