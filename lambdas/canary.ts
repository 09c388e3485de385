// After each publish: does a visitor of the site get what was published? The page, its script, the
// summary, and the page, script and document of one dataset.

import { compactFileName } from '../core/documents/compact.ts';
import { PREFIXES } from './names.ts';

export interface Visited {
  readonly status: number;
  /** Content-Type, without parameters; null if there is none. */
  readonly type: string | null;
  /** Decoded. */
  readonly body: Buffer;
}
/**
 * Gets a path of the site (`data/summary.json`, `` for its root), as a browser would.
 * @throws when there is no answer
 */
export type Visit = (path: string) => Promise<Visited>;

export interface Published {
  /** `lastUpdated` of the summary, and of the one before; null if there was none. */
  readonly at: string;
  readonly before: string | null;
  readonly total: number;
  /** One dataset and the path of a document that it has (`datasets/ds000117/github.json`). */
  readonly dataset: { readonly id: string; readonly path: string } | null;
}

/** For so long a cache may answer with what was there before: documents have `max-age=60`. */
export const CACHED_MS = 60_000;

/**
 * @param pause waits so many milliseconds, once, if the first look was not good
 * @returns what is wrong, in one sentence; null if all is well
 */
export async function siteFault(
  visit: Visit,
  published: Published,
  pause: (milliseconds: number) => Promise<void>,
): Promise<string | null> {
  const look = () =>
    faultOf(visit, published).catch((error: Error) => `It gave no answer: ${error.message}.`);
  if ((await look()) === null) return null;
  await pause(CACHED_MS + 1000);
  return look();
}

async function faultOf(visit: Visit, published: Published): Promise<string | null> {
  const { at, before, total, dataset } = published;
  for (const page of ['', ...(dataset ? [`dataset.html?id=${dataset.id}`] : [])]) {
    const fault = await faultOfPage(visit, page);
    if (fault !== null) return fault;
  }
  const summary = await readJson(visit, `${PREFIXES.data}${compactFileName(0)}`);
  if (typeof summary === 'string') return summary;
  // A cache may have the one before for a minute; one that is older has been left behind.
  if (summary.lastUpdated !== at && summary.lastUpdated !== before) {
    return `The summary that it shows is of ${summary.lastUpdated}, and the published one of ${at}.`;
  }
  if (summary.lastUpdated === at && summary.total !== total) {
    return `Its summary has ${summary.total} datasets, and ${total} were published.`;
  }
  if (dataset === null) return null;
  const document = await readJson(visit, `${PREFIXES.data}${dataset.path}`);
  if (typeof document === 'string') return document;
  // Documents of older versions name no dataset.
  const { datasetId = dataset.id } = document;
  return datasetId === dataset.id ? null : `${dataset.path} is not about ${dataset.id}.`;
}

async function faultOfPage(visit: Visit, path: string): Promise<string | null> {
  const page = await visit(path);
  const wrong = faultOfAnswer(path, page, 'text/html');
  if (wrong !== null) return wrong;
  const script = /<script type="module" src="([^"]+)"/.exec(page.body.toString())?.[1];
  if (script === undefined) return `${shown(path)} names no script.`;
  return faultOfAnswer(script, await visit(script), 'text/javascript');
}

/** @returns the object, or what is wrong */
async function readJson(visit: Visit, path: string): Promise<Record<string, unknown> | string> {
  const answer = await visit(path);
  const wrong = faultOfAnswer(path, answer, 'application/json');
  if (wrong !== null) return wrong;
  try {
    const value: unknown = JSON.parse(answer.body.toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  return `${path} is no JSON object.`;
}

function faultOfAnswer(path: string, { status, type, body }: Visited, expected: string) {
  if (status !== 200) return `${shown(path)} is answered with ${status}.`;
  if (type !== expected)
    return `${shown(path)} is answered as ${type ?? 'nothing'}, not ${expected}.`;
  return body.length === 0 ? `${shown(path)} is empty.` : null;
}

const shown = (path: string) => (path === '' ? 'The page' : path);
