// Loads a document of the exported tree. The result is a value, so that a page can always say what
// is true: absent, broken and an outage are different.

import { signal } from '@preact/signals';
import { DATA } from './catalogue.ts';

/**
 * Whether there are boards: the server says so with the results (lib/website/answers.ts). To ask for
 * an API that is not there would be an error in the browser's log, each time.
 */
export const offersApi = signal(false);

export type Loaded<T> =
  | { readonly kind: 'loaded'; readonly value: T }
  | { readonly kind: 'absent' }
  /** It exists, but is not what it should be. */
  | { readonly kind: 'broken' }
  /** No trustworthy answer: no network, or a server error. */
  | { readonly kind: 'failed' };

/**
 * @param path below the folder, each part already checked or encoded
 * @param read turns the parsed JSON into what it should be, or throws
 * @param folder by default the shown archive's
 * @param cache `no-cache` asks the server, by ETag, also while a kept answer would do
 */
export async function load<T>(
  path: string,
  read: (document: unknown) => T,
  folder = DATA,
  cache: RequestCache = 'default',
): Promise<Loaded<T>> {
  let text: string;
  try {
    const response = await fetch(folder + path, { cache });
    if (response.headers.has('link')) offersApi.value = true;
    // A private bucket answers 403 for a missing object.
    if (response.status === 404 || response.status === 403) return { kind: 'absent' };
    if (!response.ok) return { kind: 'failed' };
    text = await response.text();
  } catch {
    return { kind: 'failed' };
  }
  try {
    return { kind: 'loaded', value: read(JSON.parse(text)) };
  } catch {
    return { kind: 'broken' };
  }
}
