// `schemagen/webpack`: the plugin for webpack.

import type { WebpackPluginInstance } from "webpack" with { "resolution-mode": "import" };
import { plugin } from "../index.js";
import type { PluginOptions } from "../options.js";

export type { PluginOptions };

/** The plugin for webpack. */
const schemagen: (options?: PluginOptions) => WebpackPluginInstance = plugin.webpack;
export default schemagen;
