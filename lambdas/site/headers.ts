// The type and cache time of a file of the site, by its name.

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

/** esbuild's `[name]-[hash]`: eight base-32 characters, so the name changes with the content. */
const HASHED = /-[A-Z2-7]{8}\.\w+$/;

const ONE_YEAR = 'public, max-age=31536000, immutable';
const ONE_MINUTE = 'public, max-age=60';

/** Headers of the object at `key`. A browser never runs a file of unknown type. */
export function headersOf(key: string): SiteHeaders {
  const extension = /\.(\w+)$/.exec(key)?.[1]?.toLowerCase() ?? '';
  return {
    ContentType: CONTENT_TYPES[extension] ?? 'application/octet-stream',
    CacheControl: HASHED.test(key) ? ONE_YEAR : ONE_MINUTE,
  };
}

/** Pages last: a page must never name an asset that does not exist yet. */
export function publishingOrder(keys: readonly string[]): string[] {
  const isPage = (key: string) => Number(key.endsWith('.html'));
  return [...keys].sort((a, b) => isPage(a) - isPage(b) || (a < b ? -1 : 1));
}
