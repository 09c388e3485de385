// The faults of a made-up archive: those of any host.

import { FAULTS as ANY_HOST, cutRefs } from '../../../sample/fault-table.ts';
import type { FaultKind, Known, FaultRule as Rule } from '../../../sample/faults.ts';
import type { Prepared } from '../../../sample/route.ts';

/** A page of a listing, changed. */
const onPage =
  (change: (page: { count: number | null; results: unknown[] }) => void) =>
  ({ body, ...answer }: Prepared): Prepared => {
    const page = JSON.parse(body.toString());
    if (Array.isArray(page.results)) change(page);
    return { ...answer, body: Buffer.from(JSON.stringify(page)) };
  };

let changes = 0;

/** Another time at every question. */
function changedDraft({ body, ...answer }: Prepared): Prepared {
  const dandiset = JSON.parse(body.toString());
  if (dandiset.draft_version) {
    const micros = String(++changes).padStart(6, '0');
    dandiset.draft_version.modified = `2026-06-01T00:00:00.${micros}Z`;
  }
  return { ...answer, body: Buffer.from(JSON.stringify(dandiset)) };
}

export const FAULTS = {
  ...ANY_HOST,
  'cut-refs': {
    means: 'refs: the last ref and the flush packet are lost, framing right',
    kinds: ['refs'],
    damage: cutRefs,
  },
  'row-dropped': {
    means: 'a listing: the last row of a page is lost',
    kinds: ['registry', 'assets', 'versions'],
    damage: onPage((page) => page.results.pop()),
  },
  'row-doubled': {
    means: 'a listing: a row comes twice, and another one is lost',
    kinds: ['registry', 'assets', 'versions'],
    damage: onPage(({ results }) => results.splice(-1, 1, results[0])),
  },
  'wrong-count': {
    means: 'a listing: the count is one too high',
    kinds: ['registry', 'assets', 'versions'],
    damage: onPage((page) => {
      if (page.count !== null) page.count += 1;
    }),
  },
  shrunk: {
    means: 'the list of dandisets is one third shorter',
    kinds: ['registry'],
    damage: onPage((page) => {
      page.results.splice(Math.ceil((page.results.length * 2) / 3));
      page.count = page.results.length;
    }),
  },
  'draft-changed': {
    means: 'a dandiset: its draft changed since it was asked for last',
    kinds: ['dandiset'],
    damage: changedDraft,
  },
  '401-github': {
    means: 'refs: GitHub wants a log-in, as it does for what is not there',
    kinds: ['refs', 'zarr-refs', 'super-refs'],
    damage: (): Prepared => ({
      status: 401,
      headers: { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="GitHub"' },
      body: Buffer.from('Repository not found.'),
    }),
  },
  '401-json': {
    means: 'the token is refused',
    kinds: ['registry', 'dandiset', 'assets', 'versions', 'metadata'],
    damage: ({ headers }: Prepared): Prepared => ({
      status: 401,
      headers,
      body: Buffer.from('{"detail":"Invalid token."}'),
    }),
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultName = keyof typeof FAULTS;
export const KINDS = [
  'registry',
  'dandiset',
  'versions',
  'metadata',
  'assets',
  'asset',
  'refs',
  'tree',
  'zarr-refs',
  'zarr-tree',
  'super-refs',
  'super-tree',
  'listing',
  'manifest',
  'head',
  'doi',
  'github',
] as const;
export type SampleKind = (typeof KINDS)[number];
export type FaultRule = Rule<SampleKind, FaultName>;

export const KNOWN: Known<SampleKind, FaultName> = { kinds: KINDS, faults: FAULTS };
