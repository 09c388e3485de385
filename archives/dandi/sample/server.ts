// DANDI in a box: API, mirrors, superdataset, bucket and DOIs of a made-up archive on one loopback
// port.

import { gitRoute } from '../../../sample/git/route.ts';
import { jsonAnswer, type Route } from '../../../sample/route.ts';
import { type ArchiveServer, type ServerOptions, startServer } from '../../../sample/server.ts';
import { API_PATH, apiRoute } from './api.ts';
import { type FaultName, KNOWN, type SampleKind } from './faults.ts';
import { bucketOf } from './objects.ts';
import { buildAll } from './repositories.ts';
import { BUCKET, type World } from './world.ts';

export interface SampleOptions
  extends Omit<ServerOptions<SampleKind, FaultName>, 'known' | 'routes'> {
  readonly world: World;
}

export interface SampleServer extends ArchiveServer<SampleKind, FaultName> {
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
}

const REPOSITORY = /^\/github\/repos\/dandisets\/(\d{6})(\/releases)?$/;
const PATHS = { mirror: '/dandisets', zarr: '/dandizarrs', superdataset: '/dandi', doi: '/dois' };

/** @throws the error of `listen` (`EADDRINUSE`, …) when the port is not available. */
export async function startSample({ world, ...rest }: SampleOptions): Promise<SampleServer> {
  const server = await startServer({ ...rest, known: KNOWN, routes: routesOf(world) });
  return { ...server, addresses: addressesAt(server.url) };
}

const addressesAt = (url: string) => ({
  registry: `${url}${API_PATH}`,
  mirror: `${url}${PATHS.mirror}`,
  zarr: `${url}${PATHS.zarr}`,
  superdataset: `${url}${PATHS.superdataset}/dandisets`,
  bucket: `${url}/${BUCKET}`,
  doi: `${url}${PATHS.doi}`,
  github: `${url}/github`,
});

function routesOf(world: World): readonly Route[] {
  // A change of the plans shows in the repositories that are built after it.
  const built = buildAll(world);
  return [
    apiRoute(world),
    gitRoute(
      PATHS.mirror,
      built.mirror,
      { refs: 'refs', pack: 'tree' },
      {
        closed: (id) => world.mirrors.get(id)?.access === 'disabled',
      },
    ),
    gitRoute(PATHS.zarr, built.zarr, { refs: 'zarr-refs', pack: 'zarr-tree' }),
    gitRoute(PATHS.superdataset, built.superdataset, { refs: 'super-refs', pack: 'super-tree' }),
    bucketOf(world),
    doiRoute(world),
    githubRoute(world),
  ];
}

function doiRoute({ dois }: World): Route {
  return ({ path }) => {
    if (!path.startsWith(`${PATHS.doi}/`)) return undefined;
    const doi = decodeURI(path.slice(PATHS.doi.length + 1));
    return {
      kind: 'doi',
      dataset: /dandi\.(\d{6})\//.exec(doi)?.[1] ?? null,
      answer: () => {
        const known = dois.get(doi);
        if (known === undefined) return jsonAnswer(404, { errors: [{ status: '404' }] });
        return jsonAnswer(200, { data: { attributes: { doi, ...known } } });
      },
    };
  };
}

/** GitHub's REST API: the record of a mirror, and its releases. */
function githubRoute({ mirrors }: World): Route {
  return ({ path }) => {
    const [, id, releases] = REPOSITORY.exec(path) ?? [];
    if (id === undefined) return undefined;
    const plan = mirrors.get(id);
    return {
      kind: 'github',
      dataset: id,
      answer: () => {
        if (plan === undefined) return jsonAnswer(404, { message: 'Not Found' });
        if (releases)
          return jsonAnswer(
            200,
            plan.releases.map((tag_name) => ({ tag_name })),
          );
        return jsonAnswer(200, { homepage: plan.homepage, private: plan.access === 'private' });
      },
    };
  };
}
