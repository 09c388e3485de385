// The addresses of OpenNeuro's services, and the request limit of each (docs/architecture.md).

import type { HostLimit } from '../../core/http/limiter.ts';

/** GraphQL (docs/checks.md#registry). */
export const REGISTRY_URL = 'https://openneuro.org/crn/graphql';
/** `/{id}.git` is added (docs/checks.md#words-and-orders). */
export const MIRROR_URL = 'https://github.com/OpenNeuroDatasets';
/** The public bucket, path style; `/{id}/…` is added (docs/checks.md#version). */
export const EXPORT_URL = 'https://s3.amazonaws.com/openneuro.org';
/** DataCite's REST API; `/{doi}` is added (docs/checks.md#doi). */
export const DOI_URL = 'https://api.datacite.org/dois';

/**
 * By host name. S3 serves thousands of requests a second per prefix: only the requests in flight
 * are bounded.
 */
export const HOST_LIMITS: Readonly<Record<string, HostLimit>> = {
  'openneuro.org': { inFlight: 4, perSecond: 10 },
  'api.datacite.org': { inFlight: 4, perSecond: 5 },
  'github.com': { inFlight: 8, perSecond: 10 },
  's3.amazonaws.com': { inFlight: 32, perSecond: Number.POSITIVE_INFINITY },
};
