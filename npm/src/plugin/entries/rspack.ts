// `schemagen/rspack`: the plugin for Rspack.

import type { RspackPluginInstance } from "@rspack/core" with { "resolution-mode": "import" };
import { plugin } from "../index.js";
import type { PluginOptions } from "../options.js";

export type { PluginOptions };

/** The plugin for Rspack. */
const schemagen: (options?: PluginOptions) => RspackPluginInstance = plugin.rspack;
export default schemagen;
