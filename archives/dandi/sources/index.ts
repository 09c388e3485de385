// The sources of the DANDI archive, from its addresses: the same for the command line, functions
// and tests.

import type { HttpClient, HttpRequest } from '../../../core/http.ts';
import type { OpenOptions } from '../../../core/monitor/archive.ts';
import type { StageContext } from '../../../core/monitor/context.ts';
import { createDoiSource, type DoiSource } from '../../../core/protocols/datacite.ts';
import { createMirrorSource } from '../../../core/protocols/git/mirror.ts';
import type { MirrorSource, RepositorySource } from '../../../core/protocols/sources.ts';
import { type Bucket, createBucket } from './bucket.ts';
import { createGithub, type GithubRecords } from './github.ts';
import { createRegistry, type DandiRegistry } from './registry.ts';

export type Repositories = Pick<MirrorSource, 'readRefs'> & RepositorySource;

export interface Sources {
  readonly registry: DandiRegistry;
  /**
   * Mirrors, by id. Always asked without a token: what only we can read is not public.
   */
  readonly mirrors: Repositories;
  /** The same mirrors, when their contents are read: counted as other requests. */
  readonly contents: Repositories;
  /** The same mirrors, when their links to zarrs or their logs of addresses are read. */
  readonly pins: Repositories;
  readonly logs: Repositories;
  /** Mirrors of zarrs, by the zarr's id. */
  readonly zarrMirrors: Repositories;
  readonly superdataset: {
    readonly repository: Repositories;
    /** Its name, below the address of its organization. */
    readonly name: string;
  };
  readonly bucket: Bucket;
  readonly dois: DoiSource;
  readonly github: GithubRecords;
  /** Of the mirrors: the last part of their address, `dandisets`. */
  readonly organization: string;
  readonly bucketUrl: string;
}

export type Context = StageContext & Sources;

export function openSources({
  http,
  addresses,
  tokens,
  onTokenRefused,
  mirrorAbsent: absentText,
  pageSize,
}: OpenOptions): Sources {
  const at = (place: string) => (addresses[place] as string).replace(/\/+$/, '');
  const git = (baseUrl: string, kinds: Kinds) =>
    createMirrorSource({ http: ofKinds(http, kinds), baseUrl, absentText });
  const superdataset = at('superdataset');
  const slash = superdataset.lastIndexOf('/');
  return {
    registry: createRegistry({
      http,
      url: at('registry'),
      token: tokens.registry,
      onTokenRefused: (status) => onTokenRefused?.('registry', status),
      pageSize,
    }),
    mirrors: git(at('mirror'), { refs: 'refs', tree: 'state' }),
    contents: git(at('mirror'), { refs: 'refs', tree: 'tree' }),
    pins: git(at('mirror'), { refs: 'refs', tree: 'zarr-tree' }),
    logs: git(at('mirror'), { refs: 'refs', tree: 'logs' }),
    zarrMirrors: git(at('zarr'), { refs: 'zarr-refs', tree: 'zarr-tree' }),
    superdataset: {
      repository: git(superdataset.slice(0, slash), { refs: 'refs', tree: 'state' }),
      name: superdataset.slice(slash + 1).replace(/\.git$/, ''),
    },
    bucket: createBucket(http, at('bucket')),
    dois: createDoiSource(http, at('doi')),
    github: createGithub({ http, url: at('github'), token: tokens.github }),
    organization: at('mirror').slice(at('mirror').lastIndexOf('/') + 1),
    bucketUrl: at('bucket'),
  };
}

interface Kinds {
  readonly refs: string;
  readonly tree: string;
}

/** Several stages read repositories: traffic is counted by stage. */
function ofKinds(http: HttpClient, kinds: Kinds): HttpClient {
  const rename = ({ kind, ...request }: HttpRequest): HttpRequest => ({
    ...request,
    kind: kind === 'refs' || kind === 'tree' ? kinds[kind] : kind,
  });
  return {
    request: (request) => http.request(rename(request)),
    traffic: http.traffic,
    close: () => http.close(),
  };
}
