// How the tests query a sample archive: a request to its registry, and a server to query.

import type { SampleArchive } from '../../../../archives/openneuro/sample/archive.ts';
import {
  type SampleOptions,
  type SampleServer,
  startSampleArchive,
} from '../../../../archives/openneuro/sample/server.ts';

export interface Node {
  readonly id: string;
  readonly name: string | null;
  readonly latestSnapshot: { tag: string; hexsha: string } | null;
  readonly snapshots: readonly { tag: string; created: string; hexsha: string }[];
}

export interface Page {
  readonly data: {
    readonly datasets: {
      readonly edges: readonly ({ readonly node: Node | null } | null)[];
      readonly pageInfo: {
        readonly hasNextPage: boolean;
        readonly endCursor: string;
        readonly count: number;
      };
    };
  };
  readonly errors?: readonly { readonly message: string; readonly path: readonly unknown[] }[];
}

const QUERY = `query ($first: Int, $after: String) {
  datasets(first: $first, after: $after, orderBy: { created: ascending }, filterBy: { public: true }) {
    edges { node { id name latestSnapshot { tag created hexsha } snapshots { tag created hexsha } } }
    pageInfo { hasNextPage endCursor count }
  }
}`;

export function askRegistry(
  server: SampleServer,
  first: number,
  after: string | null = null,
): Promise<Response> {
  return fetch(server.registryUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { first, after } }),
  });
}

export async function askPage(
  server: SampleServer,
  first: number,
  after: string | null = null,
): Promise<Page> {
  return (await (await askRegistry(server, first, after)).json()) as Page;
}

export async function askAllNodes(server: SampleServer, first = 100): Promise<Node[]> {
  const nodes: Node[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page = await askPage(server, first, after);
    const { edges, pageInfo } = page.data.datasets;
    for (const edge of edges) if (edge?.node) nodes.push(edge.node);
    if (!pageInfo.hasNextPage) return nodes;
    after = pageInfo.endCursor;
  }
}

/** Starts a server that the test closes by `await using`. */
export async function serve(
  archive: SampleArchive,
  options: Omit<SampleOptions, 'archive'> = {},
): Promise<SampleServer & AsyncDisposable> {
  const server = await startSampleArchive({ archive, ...options });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}
