// How the tests ask a sample archive: a registry question, an export address, a whole answer.

import type { SampleArchive } from '../../sample/archive.ts';
import { type SampleOptions, type SampleServer, startSampleArchive } from '../../sample/server.ts';

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

export function list(server: SampleServer, query: Record<string, string>): Promise<Response> {
  const parameters = new URLSearchParams({ 'list-type': '2', ...query });
  return fetch(`${server.exportUrl}?${parameters}`);
}

export interface Listing {
  readonly keys: string[];
  readonly folders: string[];
  readonly count: number;
  readonly token: string | undefined;
  readonly truncated: boolean;
}

/** Reads the XML the plain way: every element by its name. */
export function readListing(xml: string): Listing {
  const all = (name: string, text = xml) =>
    [...text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map((match) => match[1] ?? '');
  return {
    keys: all('Contents').map((contents) => all('Key', contents)[0] ?? ''),
    folders: all('CommonPrefixes').map((folder) => all('Prefix', folder)[0] ?? ''),
    count: Number(all('KeyCount')[0]),
    token: all('NextContinuationToken')[0],
    truncated: all('IsTruncated')[0] === 'true',
  };
}

/** A key of a listing with encoding-type=url, as text. */
export function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

export async function askListing(
  server: SampleServer,
  query: Record<string, string>,
): Promise<Listing> {
  return readListing(await (await list(server, query)).text());
}

/** Protocol v2 ls-refs as text, or undefined when the answer is none. */
export async function askRefs(server: SampleServer, id: string): Promise<Response> {
  const line = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;
  return fetch(`${server.mirrorUrl}/${id}.git/git-upload-pack`, {
    method: 'POST',
    headers: {
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
    },
    body: `${line('command=ls-refs\n')}0001${line('peel\n')}${line('symrefs\n')}0000`,
  });
}

/** Starts a server that the test closes by `await using`. */
export async function serve(
  archive: SampleArchive,
  options: Omit<SampleOptions, 'archive'> = {},
): Promise<SampleServer & AsyncDisposable> {
  const server = await startSampleArchive({ archive, ...options });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}
