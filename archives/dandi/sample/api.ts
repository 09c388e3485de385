// The API of a made-up archive: pages, single dandisets and versions, assets. It answers as the real
// one does: counts on the first page of assets only, 301 without the last slash, 401 for what is
// embargoed.

import type { Answer, Asked, Route } from '../../../sample/route.ts';
import { jsonAnswer } from '../../../sample/route.ts';
import { assetRow } from './asset-json.ts';
import type { SampleDandiset, SampleVersion, World } from './world.ts';

export const API_PATH = '/api';
const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;

/** Tokens of a made-up archive are names of owners. */
const TOKEN = /^token (\S+)$/;

export function apiRoute(world: World): Route {
  return (asked) => {
    if (!asked.path.startsWith(`${API_PATH}/`)) return undefined;
    const parts = asked.path.slice(API_PATH.length + 1).split('/');
    const kind = kindOf(parts);
    const dataset = parts[0] === 'dandisets' && parts[1] ? parts[1] : null;
    return { kind, dataset, name: asked.url, answer: () => answerTo(world, asked, parts) };
  };
}

function kindOf([first, id, versions, , what]: readonly string[]): string {
  if (first === 'assets') return 'asset';
  if (first !== 'dandisets' || !id) return 'registry';
  if (versions !== 'versions') return 'dandiset';
  if (what === 'assets') return 'assets';
  return what === undefined || what === '' ? 'versions' : 'metadata';
}

function answerTo(world: World, asked: Asked, parts: readonly string[]): Answer {
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return jsonAnswer(405, { detail: 'no' });
  if (parts.at(-1) !== '') {
    const query = asked.url.slice(asked.path.length);
    const headers = { location: `${asked.path}/${query}` };
    return { status: 301, headers, body: Buffer.alloc(0) };
  }
  const user = TOKEN.exec(asked.headers.authorization ?? '')?.[1] ?? null;
  const [first, id, versions, version, what, more] = parts;
  if (first === 'stats' && parts.length === 2) {
    const listed = world.dandisets.length + world.extraCount;
    return jsonAnswer(200, {
      dandiset_count: listed,
      published_dandiset_count: 0,
      user_count: 1,
      size: 1,
    });
  }
  if (first === 'assets' && versions === 'info' && version === '')
    return assetInfo(world, id ?? '', user);
  if (first !== 'dandisets') return notThere();
  if (id === '') return listDandisets(world, asked, user);
  const dandiset = world.dandisets.find((one) => one.id === id);
  if (dandiset === undefined) return jsonAnswer(404, { detail: 'Not found.' });
  const refusal = refusalOf(dandiset, user);
  if (refusal !== null) return refusal;
  if (versions === '') return jsonAnswer(200, dandisetJson(dandiset));
  if (versions !== 'versions') return notThere();
  const all = [dandiset.draft, ...dandiset.versions];
  if (version === '') {
    const rows = all.map((one) => versionJson(dandiset, one));
    return page(asked, rows, { countOnAll: true });
  }
  const one = all.find((candidate) => candidate.version === version);
  if (one === undefined) return jsonAnswer(404, { detail: 'Not found.' });
  if (what === '') return jsonAnswer(200, one.metadata);
  if (what === 'info' && more === '') {
    return jsonAnswer(200, { ...versionJson(dandiset, one), metadata: one.metadata });
  }
  return what === 'assets' && more === '' ? listAssets(asked, one) : notThere();
}

function assetInfo({ dandisets, forgotten }: World, assetId: string, user: string | null): Answer {
  if (forgotten.has(assetId)) return jsonAnswer(404, { detail: 'Not found.' });
  for (const dandiset of dandisets) {
    const all = [dandiset.draft, ...dandiset.versions].flatMap(({ assets }) => assets);
    const asset = all.find((one) => one.assetId === assetId);
    if (asset) return refusalOf(dandiset, user) ?? jsonAnswer(200, assetRow(asset, true));
  }
  return jsonAnswer(200, { asset_id: assetId });
}

const notThere = (): Answer => ({
  status: 404,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<!doctype html><title>Not Found</title>'),
});

function refusalOf({ embargo, owners }: SampleDandiset, user: string | null): Answer | null {
  if (embargo === 'OPEN') return null;
  if (user === null) {
    return {
      ...jsonAnswer(401, { detail: 'Authentication credentials were not provided.' }),
      headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer realm="api"' },
    };
  }
  if (owners.includes(user)) return null;
  return jsonAnswer(403, { detail: 'You do not have permission to perform this action.' });
}

function listDandisets({ dandisets }: World, asked: Asked, user: string | null): Answer {
  const embargoed = asked.query.get('embargoed') === 'true';
  // A bare string, unlike all other refusals.
  if (embargoed && user === null) return jsonAnswer(401, 'Authentication is required.');
  const seen = dandisets.filter(
    ({ embargo, owners }) =>
      embargo === 'OPEN' || (embargoed && user !== null && owners.includes(user)),
  );
  const rows = seen.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(dandisetJson);
  return page(asked, rows, { countOnAll: true, pastEnd: 404 });
}

/** By creation and without a tie-break, as the real one: a change while paging shifts rows. */
function listAssets(asked: Asked, { assets }: SampleVersion): Answer {
  const { query } = asked;
  const zarrOnly = query.get('zarr') === 'true';
  const order = query.get('order') ?? 'created';
  const sorted = assets
    .filter(({ zarr }) => !zarrOnly || zarr !== undefined)
    .toSorted((a, b) =>
      order === 'path' ? compare(a.path, b.path) : compare(a.created, b.created),
    );
  const withMetadata = ['1', 'true'].includes(query.get('metadata') ?? '');
  return page(asked, sorted, {
    countOnAll: false,
    show: (asset) => assetRow(asset, withMetadata),
  });
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function page<T>(
  { query, path, headers }: Asked,
  rows: readonly T[],
  {
    countOnAll,
    pastEnd,
    show = (row) => row,
  }: {
    readonly countOnAll: boolean;
    readonly pastEnd?: 404;
    readonly show?: (row: T) => unknown;
  },
): Answer {
  const wanted = Number(query.get('page_size') ?? DEFAULT_PAGE);
  const size = Math.min(MAX_PAGE, wanted > 0 ? wanted : DEFAULT_PAGE);
  const at = Number(query.get('page') ?? 1);
  const results = rows.slice((at - 1) * size, at * size);
  const isPast = at < 1 || (at > 1 && results.length === 0);
  if (isPast && pastEnd !== undefined) return jsonAnswer(404, { detail: 'Invalid page.' });
  const address = (to: number): string => {
    const other = new URLSearchParams(query);
    other.set('page', `${to}`);
    return `http://${headers.host}${path}?${other}`;
  };
  return jsonAnswer(200, {
    count: countOnAll || at === 1 ? rows.length : null,
    next: at * size < rows.length ? address(at + 1) : null,
    previous: at > 1 ? address(at - 1) : null,
    results: results.map(show),
  });
}

function dandisetJson(dandiset: SampleDandiset) {
  const { id, created, modified, embargo, draft, versions } = dandiset;
  const newest = versions.at(-1);
  return {
    identifier: id,
    created,
    modified,
    contact_person: 'Doe, Jane',
    embargo_status: embargo,
    star_count: 0,
    is_starred: false,
    draft_version: versionJson(dandiset, draft),
    most_recent_published_version: newest === undefined ? null : versionJson(dandiset, newest),
  };
}

function versionJson(
  { name }: SampleDandiset,
  { version, assets, created, modified }: SampleVersion,
) {
  return {
    version,
    name,
    asset_count: assets.length,
    size: 1,
    status: version === 'draft' ? 'Valid' : 'Published',
    created,
    modified,
  };
}
