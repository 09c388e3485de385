// What a file of the site is and how long it may be kept, by its name.

export interface SiteHeaders {
  readonly ContentType: string;
  readonly CacheControl: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
  xml: 'application/xml; charset=utf-8',
};

/** esbuild's `[name]-[hash]`: eight characters of base 32, so the name changes with the content. */
const HASHED = /-[A-Z2-7]{8}\.\w+$/;

const ONE_YEAR = 'public, max-age=31536000, immutable';
const ONE_MINUTE = 'public, max-age=60';

/** Headers of the object at `key`; a kind of file that we do not know is never run by a browser. */
export function headersOf(key: string): SiteHeaders {
  const extension = /\.(\w+)$/.exec(key)?.[1]?.toLowerCase() ?? '';
  return {
    ContentType: CONTENT_TYPES[extension] ?? 'application/octet-stream',
    CacheControl: HASHED.test(key) ? ONE_YEAR : ONE_MINUTE,
  };
}

/** Pages last: one must never name an asset that is not there yet. */
export function publishingOrder(keys: readonly string[]): string[] {
  const isPage = (key: string) => Number(key.endsWith('.html'));
  return [...keys].sort((a, b) => isPage(a) - isPage(b) || (a < b ? -1 : 1));
}
