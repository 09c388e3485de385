// Faults of the bucket, of recorded addresses, manifests and of GitHub.

import { hash } from 'node:crypto';
import { blobKey } from '../../s3-address.ts';
import { DAY } from '../healthy.ts';
import { ago, type SampleDandiset, uuidOf } from '../world.ts';
import { BIG, blobOf, changeObject, keyAt, type Mutant, manifest } from './change.ts';

export const BUCKET: readonly Mutant[] = [
  {
    expected: 'blobs:blob-missing',
    change: ({ world, dandiset }) => void world.gone.add(blobKey(blobOf(dandiset, BIG).uuid)),
  },
  {
    expected: 'blobs:blob-blocked',
    change: ({ world, dandiset }) => void world.closed.add(blobKey(blobOf(dandiset, BIG).uuid)),
  },
  {
    expected: 'blobs:blob-differs',
    change({ world, dandiset }) {
      const key = blobKey(blobOf(dandiset, BIG).uuid);
      changeObject(world, key, { etag: `${hash('md5', 'else')}-1` });
    },
  },
  {
    expected: 'urls:url-dead',
    change: ({ world, dandiset }) => void world.gone.add(versionOf(dandiset)),
  },
  {
    expected: 'urls:url-blocked',
    change: ({ world, dandiset }) => void world.closed.add(versionOf(dandiset)),
  },
  {
    expected: 'urls:url-missing',
    change: ({ mirror }) => void mirror.addresses.delete(keyAt(mirror, BIG)),
  },
  {
    expected: 'urls:url-other-blob',
    change({ mirror }) {
      const other = blobKey(uuidOf('another blob'));
      mirror.addresses
        .get(keyAt(mirror, BIG))
        ?.push(`https://dandiarchive.s3.us-east-2.amazonaws.com/${other}?versionId=x`);
    },
  },
  {
    expected: 'urls:url-stale',
    change({ world, dandiset }) {
      for (const { assetId } of dandiset.draft.assets) world.forgotten.add(assetId);
    },
  },
  {
    expected: 'urls:s3-url-missing',
    change({ mirror }) {
      const key = keyAt(mirror, BIG);
      const api = mirror.addresses.get(key)?.filter((one) => !one.includes('amazonaws'));
      mirror.addresses.set(key, api ?? []);
    },
  },
  {
    expected: 'manifests:manifest-blocked',
    change: ({ world, dandiset }) => void world.closed.add(manifest(dandiset, 'dandiset.yaml')),
  },
  {
    expected: 'manifests:manifest-missing',
    change: ({ world, dandiset }) =>
      void world.objects.delete(manifest(dandiset, 'collection.jsonld')),
  },
  {
    expected: 'manifests:manifest-stale',
    change({ world, dandiset }) {
      const modified = ago(world.now, 150 * DAY, 0);
      changeObject(world, manifest(dandiset, 'collection.jsonld'), { modified });
    },
  },
  {
    expected: 'manifests:manifest-differs',
    change({ world, dandiset }) {
      const content = '[]';
      changeObject(world, manifest(dandiset, 'assets.jsonld'), { content, size: content.length });
    },
  },
  {
    expected: 'manifests:manifest-no-doi',
    change({ world, dandiset }) {
      for (const { version } of dandiset.versions) {
        const content = '{"schemaKey": "PublishedDandiset"}';
        const key = manifest(dandiset, 'dandiset.jsonld', version);
        changeObject(world, key, { content, size: content.length });
      }
    },
  },
  {
    expected: 'repository:homepage-differs',
    change({ mirror }) {
      mirror.homepage = 'https://x.example';
    },
  },
  {
    expected: 'repository:release-missing',
    change({ mirror }) {
      mirror.releases = [];
    },
  },
];

const versionOf = (dandiset: SampleDandiset): string => {
  const { uuid, versionId } = blobOf(dandiset, BIG);
  return `${blobKey(uuid)}?${versionId}`;
};
