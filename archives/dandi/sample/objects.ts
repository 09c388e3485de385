// The bucket of a made-up archive: the kit's, with versions of objects on top.

import { toBinary } from '../../../core/compare/byte-order.ts';
import { objectList } from '../../../sample/objects.ts';
import { decodePath, type Route } from '../../../sample/route.ts';
import { bucketRoute } from '../../../sample/s3/route.ts';
import { BUCKET, type World } from './world.ts';

export function bucketOf(world: World): Route {
  const folder = (id: string) => ({
    id,
    export: {
      objects: () =>
        objectList(
          [...world.objects.values()]
            .filter(({ key }) => key.startsWith(`${id}/`))
            .map(({ key, ...object }) => ({ ...object, key: toBinary(key.slice(id.length + 1)) })),
        ),
      refuses: (path: string) => refusalOf(world, `${id}/${path}`),
    },
  });
  const folders = ['blobs', 'dandisets', 'zarr'].map(folder);
  const kinds = { list: 'listing', get: 'manifest', head: 'head' };
  const route = bucketRoute({ name: BUCKET, folders: () => folders }, kinds, datasetOf);
  return (asked) => {
    const versionId = asked.query.get('versionId');
    if (versionId === null || !asked.path.startsWith(`/${BUCKET}/`)) return route(asked);
    const key = decodePath(asked.path.slice(BUCKET.length + 2));
    const status = refusalOf(world, `${key}?${versionId}`) ?? 200;
    const object = world.objects.get(key);
    return {
      kind: 'head',
      dataset: null,
      answer: () => ({
        status: object === undefined ? 404 : status,
        headers: {
          'x-amz-request-id': 'AAAAAAAAAAAAAAAA',
          ...(status === 200 &&
            object && { etag: `"${object.etag}"`, 'content-length': object.size }),
        },
        body: Buffer.alloc(0),
      }),
    };
  };
}

function refusalOf({ closed, gone }: World, key: string): 403 | 404 | undefined {
  if (closed.has(key)) return 403;
  return gone.has(key) ? 404 : undefined;
}

const datasetOf = (key: string): string => /^dandisets\/(\d{6})\//.exec(key)?.[1] ?? '';
