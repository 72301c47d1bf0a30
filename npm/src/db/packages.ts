// The packages that bring extensions of PGlite from outside of its contrib folder.

/** By the extension's name. The versions are those that fit the PGlite that this package asks for. */
export const EXTENSION_PACKAGES: Record<string, { name: string; version: string }> = {
  vector: { name: "@electric-sql/pglite-pgvector", version: "0.0.15" },
  postgis: { name: "@electric-sql/pglite-postgis", version: "latest" },
};
