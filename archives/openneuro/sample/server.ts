// OpenNeuro in a box: the registry, the git mirrors, the export bucket and the DOIs of a sample
// archive on one loopback port.

import { gitRoute } from '../../../sample/git/route.ts';
import { jsonAnswer, type Route } from '../../../sample/route.ts';
import { bucketRoute } from '../../../sample/s3/route.ts';
import {
  type ArchiveServer,
  type Counts,
  type ServerOptions,
  startServer,
} from '../../../sample/server.ts';
import { BUCKET, type SampleArchive } from './archive.ts';
import { doiRoute } from './doi.ts';
import { type FaultName, KNOWN, type SampleKind } from './faults.ts';
import { askRegistry, type RegistryQuestion } from './registry.ts';

export type SampleStats = Counts<SampleKind>;

export interface SampleOptions
  extends Omit<ServerOptions<SampleKind, FaultName>, 'known' | 'routes'> {
  readonly archive: SampleArchive;
  /** The most datasets on a page of the registry; the real one gives 100. */
  readonly pageSizeLimit?: number;
}

export interface SampleServer extends ArchiveServer<SampleKind, FaultName> {
  readonly registryUrl: string;
  /** `/{id}.git` is added to it. */
  readonly mirrorUrl: string;
  /** `/{key}` or `?list-type=2` is added to it. */
  readonly exportUrl: string;
  /** `/{doi}` is added to it. */
  readonly doiUrl: string;
}

const REGISTRY_PATH = '/crn/graphql';
const MIRROR_PATH = '/git';
const DOI_PATH = '/dois';

/** @throws the error of `listen` (`EADDRINUSE`, …) when the port is not available. */
export async function startSampleArchive(options: SampleOptions): Promise<SampleServer> {
  const { archive, pageSizeLimit, ...rest } = options;
  const routes = routesOf(archive, pageSizeLimit);
  const server = await startServer({ ...rest, known: KNOWN, routes });
  return {
    ...server,
    registryUrl: server.url + REGISTRY_PATH,
    mirrorUrl: server.url + MIRROR_PATH,
    exportUrl: `${server.url}/${BUCKET}`,
    doiUrl: server.url + DOI_PATH,
  };
}

/** By place. */
export const addressesOf = ({ registryUrl, mirrorUrl, exportUrl, doiUrl }: SampleServer) => ({
  registry: registryUrl,
  mirror: mirrorUrl,
  export: exportUrl,
  doi: doiUrl,
});

export function routesOf(archive: SampleArchive, pageSizeLimit = 100): readonly Route[] {
  const datasetOf = (id: string) => archive.datasets.find((dataset) => dataset.id === id);
  const folders = () => {
    const { datasets, leftovers = [] } = archive;
    return leftovers.length === 0 ? datasets : [...datasets, ...leftovers];
  };
  return [
    registryRoute(archive, pageSizeLimit),
    gitRoute(
      MIRROR_PATH,
      async (id) => datasetOf(id)?.mirror(),
      { refs: 'refs', pack: 'tree' },
      { closed: (id) => datasetOf(id)?.mirrorClosed === true },
    ),
    doiRoute(DOI_PATH, datasetOf),
    // A HEAD checks access, a GET reads a description.
    bucketRoute({ name: BUCKET, folders }, { list: 'listing', get: 'description', head: 'access' }),
  ];
}

function registryRoute(archive: SampleArchive, pageSizeLimit: number): Route {
  return ({ path, method, body }) => {
    if (path !== REGISTRY_PATH) return undefined;
    const question = readQuestion(body);
    const { datasetId, after } = question?.variables ?? {};
    return {
      // A query for a snapshot checks whether it is deprecated.
      kind: typeof datasetId === 'string' ? 'deprecated' : 'registry',
      dataset: typeof datasetId === 'string' ? datasetId : null,
      name: String(datasetId ?? after ?? ''),
      answer: async ({ strikes }) => {
        if (method !== 'POST' || !question) {
          return jsonAnswer(400, { errors: [{ message: 'POST a JSON object with a query.' }] });
        }
        const nullEdge = (id: string) => strikes('null-edge', id);
        const answer = await askRegistry(archive, question, { pageSizeLimit, nullEdge });
        return jsonAnswer(answer.data === undefined ? 400 : 200, answer);
      },
    };
  };
}

function readQuestion(body: Buffer): RegistryQuestion | undefined {
  try {
    const question = JSON.parse(body.toString()) as RegistryQuestion;
    return typeof question?.query === 'string' ? question : undefined;
  } catch {
    return undefined;
  }
}
