// What may name an entry in documents, paths and addresses. The page bundles this file, so it
// imports nothing.

/** Safe in a path and a URL; an archive's own pattern is its own. */
export const DATASET_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
