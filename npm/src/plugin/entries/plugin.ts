// `schemagen/plugin`: the plugin for every bundler that unplugin knows.

import type { UnpluginInstance } from "unplugin" with { "resolution-mode": "import" };
import { plugin } from "../index.js";
import type { PluginOptions } from "../options.js";

export type { PluginOptions };

/** The plugin, by bundler: `schemagen.farm()`, … */
const schemagen: UnpluginInstance<PluginOptions | undefined, false> = plugin;
export default schemagen;
