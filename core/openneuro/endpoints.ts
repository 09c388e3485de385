// Where OpenNeuro's three places are, and how hard each may be asked (architecture.md section 3).

import type { HostLimit } from '../http/limiter.ts';

/** GraphQL (checks.md section 2). */
export const REGISTRY_URL = 'https://openneuro.org/crn/graphql';
/** `/{id}.git` is added (checks.md section 1). */
export const MIRROR_URL = 'https://github.com/OpenNeuroDatasets';
/** The public bucket, path style; `/{id}/…` is added (checks.md section 4). */
export const EXPORT_URL = 'https://s3.amazonaws.com/openneuro.org';

/** By host name. S3 serves thousands of requests a second per prefix: only what is in flight is bounded. */
export const HOST_LIMITS: Readonly<Record<string, HostLimit>> = {
  'openneuro.org': { inFlight: 4, perSecond: 10 },
  'github.com': { inFlight: 8, perSecond: 10 },
  's3.amazonaws.com': { inFlight: 32, perSecond: Number.POSITIVE_INFINITY },
};
