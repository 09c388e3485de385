// What a dataset id of OpenNeuro looks like. It is checked before an id enters any URL or path
// (docs/architecture.md).

const DATASET_ID = /^ds\d{6}$/;

export function isDatasetId(text: string): boolean {
  return DATASET_ID.test(text);
}
