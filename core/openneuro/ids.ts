// What a dataset id and a token of OpenNeuro look like. Checked before one enters any URL, path or
// header (architecture.md section 6).

const DATASET_ID = /^ds\d{6}$/;

export function isDatasetId(text: string): boolean {
  return DATASET_ID.test(text);
}

/** What may stand behind `Bearer` in a header: printable ASCII without spaces. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
