// Which rules made a verdict, or the data kept for one (docs/checks.md#documents).

/**
 * Raise it with every change that can change a verdict on unchanged evidence: how a key, a DOI or a
 * log is read, what is compared, what counts as a fault. Data kept by other rules is then read
 * again, and a verdict that changes by it is not news.
 * `test/archives/openneuro/golden-verdicts.test.ts` fails if it was forgotten.
 */
export const RULES_VERSION = 3;
