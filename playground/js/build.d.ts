// What scripts/assemble.mjs tells the bundles.

interface ImportMeta {
  readonly env: {
    /** Whether this is the build that is published. */
    readonly RELEASE: boolean;
  };
}
