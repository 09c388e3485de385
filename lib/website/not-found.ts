// The answer to an address that the page does not have. A CloudFront Function gives it before the
// bucket is asked: custom error responses are of the whole distribution, so with them a missing
// JSON document would become a page, and functions that see an answer are not called for errors.

import { NOT_FOUND_PAGE, SITE_HEADERS } from './answers.ts';
import type { SiteFiles } from './site.ts';

/**
 * The code of a CloudFront Function (cloudfront-js-2.0, viewer request, 10 KB at most). Files below
 * a folder of the site are left to the bucket: it still has some of the last build.
 */
export function notFoundCode(site: SiteFiles): string {
  const page = Buffer.from(site.get(NOT_FOUND_PAGE) ?? '').toString();
  if (page === '') throw new Error(`the site has no ${NOT_FOUND_PAGE}`);
  const paths = [...site.keys()].filter((path) => path !== NOT_FOUND_PAGE);
  const files = ['/', ...paths.filter((path) => !path.includes('/')).map((path) => `/${path}`)];
  const folders = paths.flatMap((path) => /^[^/]+\//.exec(path)?.[0] ?? []);
  const headers = { ...SITE_HEADERS, 'content-type': 'text/html; charset=utf-8' };
  const answer = {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: Object.fromEntries(
      Object.entries({ ...headers, 'cache-control': 'no-store' }).map(([name, value]) => [
        name,
        { value },
      ]),
    ),
    body: { encoding: 'text', data: page },
  };
  return [
    `var FILES = ${JSON.stringify(files)};`,
    `var FOLDERS = ${JSON.stringify([...new Set(folders)].map((folder) => `/${folder}`))};`,
    `var NOT_FOUND = ${JSON.stringify(answer)};`,
    'function handler(event) {',
    '  var uri = event.request.uri;',
    '  var isFile = FILES.indexOf(uri) >= 0;',
    '  var isBelow = FOLDERS.some(function (folder) { return uri.indexOf(folder) === 0; });',
    '  return isFile || isBelow ? event.request : NOT_FOUND;',
    '}',
    '',
  ].join('\n');
}
