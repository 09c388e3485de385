/**
 * Stands for a commit that the registry does not give: the predecessor's page has the same word.
 */
export const UNKNOWN_HEXSHA = 'unknown';
