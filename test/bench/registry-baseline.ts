// The baseline of the registry: the same pages, one after the other, parsed and counted; nothing is
// checked or written.

const QUERY = `query($after: String) {
  datasets(first: 100, after: $after, orderBy: {created: ascending}, filterBy: {public: true}) {
    edges { node { id name latestSnapshot { tag created hexsha } snapshots { tag created hexsha } } }
    pageInfo { hasNextPage endCursor count }
  }
}`;

interface Page {
  readonly data: {
    readonly datasets: {
      readonly edges: readonly { readonly node: { readonly id: string } }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}

async function readPage(url: string, after: string | null): Promise<Page> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { after } }),
  });
  return (await response.json()) as Page;
}

const [url = ''] = process.argv.slice(2);
const ids = new Set<string>();
for (let after: string | null = null, more = true; more; ) {
  const { datasets }: Page['data'] = (await readPage(url, after)).data;
  for (const { node } of datasets.edges) ids.add(node.id);
  after = datasets.pageInfo.endCursor;
  more = datasets.pageInfo.hasNextPage;
}
process.stdout.write(String(ids.size));
