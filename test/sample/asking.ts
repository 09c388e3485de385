// How the tests query a sample server: a listing of a bucket, the refs of a repository.

export function list(url: string, query: Record<string, string>): Promise<Response> {
  const parameters = new URLSearchParams({ 'list-type': '2', ...query });
  return fetch(`${url}?${parameters}`);
}

export interface Listing {
  readonly keys: string[];
  readonly folders: string[];
  readonly count: number;
  readonly token: string | undefined;
  readonly truncated: boolean;
}

/** Reads the XML simply: every element by its name. */
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

export async function askListing(url: string, query: Record<string, string>): Promise<Listing> {
  return readListing(await (await list(url, query)).text());
}

/** @param url of a repository; protocol v2, ls-refs */
export async function askRefs(url: string): Promise<Response> {
  const line = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;
  return fetch(`${url}/git-upload-pack`, {
    method: 'POST',
    headers: {
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
    },
    body: `${line('command=ls-refs\n')}0001${line('peel\n')}${line('symrefs\n')}0000`,
  });
}
