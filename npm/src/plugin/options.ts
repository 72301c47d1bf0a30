// What every entry of the plugin takes.

/** What the plugin may be told. */
export interface PluginOptions {
  /** The configuration, relative to the bundler's root. Default: the one found there or in a folder above. */
  config?: string;
}
