// A small archive that the project does not have: entries over REST, two buckets, repositories
// elsewhere. For the tests of the kit.

import { cutRefs, FAULTS, loseContents } from '../../sample/fault-table.ts';
import type { FaultRule } from '../../sample/faults.ts';
import { objectOf, plainFile } from '../../sample/files.ts';
import type { SampleRepository } from '../../sample/git/index.ts';
import { gitRoute } from '../../sample/git/route.ts';
import { objectList } from '../../sample/objects.ts';
import { jsonAnswer, type Route } from '../../sample/route.ts';
import type { BucketFolder } from '../../sample/s3/bucket.ts';
import { bucketRoute } from '../../sample/s3/route.ts';
import { type ArchiveServer, type ServerOptions, startServer } from '../../sample/server.ts';

export const KINDS = ['entries', 'refs', 'pack', 'listing', 'object', 'head'] as const;
export type Kind = (typeof KINDS)[number];

export const KNOWN = {
  kinds: KINDS,
  faults: {
    ...FAULTS,
    'lost-entry': { means: 'an entry is null', kinds: ['entries'], ofParts: true },
    'cut-refs': { means: 'the last ref is lost', kinds: ['refs'], damage: cutRefs },
    'missing-page': { means: 'half of the keys', kinds: ['listing'], damage: loseContents },
  },
} as const;
export type Rule = FaultRule<Kind, keyof typeof KNOWN.faults>;

export const MODIFIED = '2020-05-14T14:56:55.000Z';

/** A folder of the bucket with a one-byte file at each path. */
export function folderOf(
  id: string,
  paths: readonly string[],
  more: Partial<BucketFolder['export']> = {},
): BucketFolder {
  const objects = objectList(paths.map((path) => objectOf(plainFile(path, 'x'), MODIFIED)));
  return { id, export: { objects: () => objects, ...more } };
}

export interface SmallArchive {
  /** Entries, each with its repository if it has one. */
  readonly entries?: Readonly<Record<string, SampleRepository | undefined>>;
  readonly folders?: readonly BucketFolder[];
  /** Of a second bucket. */
  readonly logs?: readonly BucketFolder[];
}

export interface SmallServer extends ArchiveServer<Kind>, AsyncDisposable {
  /** `?page=` is added. */
  readonly entriesUrl: string;
  /** `/{id}.git` is added. */
  readonly gitUrl: string;
  readonly filesUrl: string;
  readonly logsUrl: string;
}

/** Closed by `await using`. */
export async function serveSmall(
  { entries = {}, folders = [], logs = [] }: SmallArchive,
  options: Omit<ServerOptions<Kind, Rule['fault']>, 'known' | 'routes'> = {},
): Promise<SmallServer> {
  const objects = { list: 'listing', get: 'object', head: 'head' };
  const idOf = (key: string) => key.split('/').slice(0, 2).join('/');
  const routes = [
    entriesRoute(Object.keys(entries)),
    gitRoute('/deep/mirrors', async (id) => entries[id], { refs: 'refs', pack: 'pack' }),
    bucketRoute({ name: 'files', folders: () => folders }, objects),
    bucketRoute({ name: 'files-logs', folders: () => logs }, objects, idOf),
  ];
  const server = await startServer({ ...options, known: KNOWN, routes });
  return {
    ...server,
    entriesUrl: `${server.url}/api/entries/`,
    gitUrl: `${server.url}/deep/mirrors`,
    filesUrl: `${server.url}/files`,
    logsUrl: `${server.url}/files-logs`,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Two entries a page. */
function entriesRoute(ids: readonly string[]): Route {
  return ({ path, query }) => {
    if (path !== '/api/entries/') return undefined;
    const page = Number(query.get('page') ?? '1');
    const shown = ids.slice((page - 1) * 2, page * 2);
    const next = page * 2 < ids.length ? `?page=${page + 1}` : null;
    return {
      kind: 'entries',
      dataset: null,
      answer: ({ strikes }) => {
        const results = shown.map((id) => (strikes('lost-entry', id) ? null : { id }));
        return jsonAnswer(200, { count: ids.length, next, results });
      },
    };
  };
}
