// A bucket under an address of its own, path style.

import { decodePath, type Route } from '../route.ts';
import { getObject, type SampleBucket } from './bucket.ts';
import { listObjects } from './listing.ts';

export interface BucketKinds {
  readonly list: string;
  readonly get: string;
  readonly head: string;
}

/**
 * `/{name of the bucket}`.
 * @param datasetOf the dataset that a key or a prefix is of; its first part, if not given
 */
export function bucketRoute(
  bucket: SampleBucket,
  kinds: BucketKinds,
  datasetOf = (key: string) => key.split('/')[0] ?? '',
): Route {
  const base = `/${bucket.name}`;
  return ({ path, query, method, headers }) => {
    if (path === base || path === `${base}/`) {
      const dataset = datasetOf(query.get('prefix') ?? '');
      return { kind: kinds.list, dataset, answer: () => listObjects(bucket, query) };
    }
    if (!path.startsWith(`${base}/`)) return undefined;
    const key = decodePath(path.slice(base.length + 1));
    const head = method === 'HEAD';
    const ifNoneMatch = headers['if-none-match'];
    return {
      kind: head ? kinds.head : kinds.get,
      dataset: datasetOf(key),
      answer: () => getObject(bucket, key, { head, ifNoneMatch }),
    };
  };
}
