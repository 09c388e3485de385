// The bucket of a made-up archive: the kit's, with versions of objects on top.

import { toBinary } from '../../../core/compare/byte-order.ts';
import { objectList } from '../../../sample/objects.ts';
import type { Route } from '../../../sample/route.ts';
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
      refuses: (path: string) => (world.closed.has(`${id}/${path}`) ? 403 : undefined),
    },
  });
  const folders = ['blobs', 'dandisets', 'zarr'].map(folder);
  const kinds = { list: 'listing', get: 'manifest', head: 'head' };
  return bucketRoute({ name: BUCKET, folders: () => folders }, kinds, datasetOf);
}

const datasetOf = (key: string): string => /^dandisets\/(\d{6})\//.exec(key)?.[1] ?? '';
