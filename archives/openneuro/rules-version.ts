// Which rules a verdict, or what was kept for one, was made by (docs/checks.md#documents).

/**
 * Raise it with every change that can turn a verdict over unchanged evidence: how a key, a DOI or a log
 * is read, what is compared, what counts as a fault. What was kept by other rules is then read again, and
 * what turns by it is no news. `test/archives/openneuro/golden-verdicts.test.ts` fails when it was forgotten.
 */
export const RULES_VERSION = 3;
