// What both pages know about the summary: names, and the list a person came from.

const LIST = 'mirrorwatch.list';

/** data/names.json as a map: an id like `__proto__` is then an id like any other. */
export function namesIn(document: unknown): Map<string, string> {
  const names = Object.entries((document as { names: object }).names);
  return new Map(names.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The list's view, so that "All datasets" on a dataset's page leads back to it. */
export function rememberList(query: string): void {
  try {
    sessionStorage.setItem(LIST, query);
  } catch {
    // Then the way back leads to the whole list.
  }
}

export function listAddress(): string {
  let query = '';
  try {
    query = sessionStorage.getItem(LIST) ?? '';
  } catch {
    // As above.
  }
  return `index.html${query.startsWith('?') ? query : ''}`;
}

export const datasetAddress = (id: string): string => `dataset.html?id=${encodeURIComponent(id)}`;
