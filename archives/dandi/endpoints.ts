// The addresses of the DANDI archive's services, and how hard each may be asked.

import type { HostLimit } from '../../core/http/limiter.ts';
import type { ArchivePlace } from '../../core/monitor/archive.ts';

export const PLACES = {
  registry: {
    url: 'https://api.dandiarchive.org/api',
    what: 'the DANDI API',
    token: 'DANDI_TOKEN',
  },
  mirror: { url: 'https://github.com/dandisets', what: 'mirrors, to which /{id}.git is added' },
  zarr: {
    url: 'https://github.com/dandizarrs',
    what: 'mirrors of zarrs, to which /{zarr}.git is added',
  },
  superdataset: {
    url: 'https://github.com/dandi/dandisets',
    what: 'superdataset, to which .git is added',
  },
  bucket: { url: 'https://dandiarchive.s3.amazonaws.com', what: 'bucket' },
  doi: { url: 'https://api.datacite.org/dois', what: 'DOIs at DataCite, to which /{doi} is added' },
  github: {
    url: 'https://api.github.com',
    what: "GitHub's REST API, asked only with a token",
    token: 'MIRRORWATCH_GITHUB_TOKEN',
    isGithub: true,
  },
} as const satisfies Readonly<Record<string, ArchivePlace>>;

/**
 * By host name. The API is dear to its owners: a page of assets has 3 MB. S3 serves thousands of
 * requests a second.
 */
export const HOST_LIMITS: Readonly<Record<string, HostLimit>> = {
  'api.dandiarchive.org': { inFlight: 4, perSecond: 4 },
  'github.com': { inFlight: 8, perSecond: 10 },
  'api.github.com': { inFlight: 2, perSecond: 1 },
  'api.datacite.org': { inFlight: 4, perSecond: 5 },
  'dandiarchive.s3.amazonaws.com': { inFlight: 32, perSecond: Number.POSITIVE_INFINITY },
};
