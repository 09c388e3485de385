// Faults of zarrs.

import { hash } from 'node:crypto';
import { zarrChecksum } from '../../zarr-checksum.ts';
import { recordText } from '../asset-json.ts';
import { storeObjects, zarrSection } from '../healthy.ts';
import { ago, uuidOf } from '../world.ts';
import {
  assetAt,
  changeObject,
  followed,
  HOUR,
  type Mutant,
  touched,
  WITH_ZARR,
  ZARR,
  zarrOf,
} from './change.ts';

const OF_ZARRS: readonly Mutant[] = [
  {
    expected: 'zarrs:submodule-broken',
    change({ mirror }) {
      mirror.submodules = null;
    },
  },
  {
    expected: 'zarrs:zarr-differs',
    change({ mirror }) {
      mirror.submodules = zarrSection(ZARR, uuidOf('another zarr'));
    },
  },
  {
    expected: 'zarrs:zarr-stale',
    change({ world, dandiset, mirror }) {
      const zarr = zarrOf(dandiset);
      zarr.files = [...zarr.files, { path: 'new', size: 7, md5: hash('md5', 'new') }];
      zarr.checksum = zarrChecksum(zarr.files).checksum;
      storeObjects(world, dandiset);
      mirror.record = recordText(dandiset.draft.assets);
    },
  },
  {
    expected: 'zarrs:zarr-corrupt',
    change: ({ world, dandiset }) => void world.zarrMirrors.get(zarrOf(dandiset).uuid)?.files.pop(),
  },
  {
    expected: 'zarrs:zarr-unfinished',
    change({ world, dandiset }) {
      const plan = world.zarrMirrors.get(zarrOf(dandiset).uuid);
      if (plan) plan.stated = null;
    },
  },
  {
    expected: 'zarrs:zarr-s3-differs',
    change({ world, dandiset }) {
      const zarr = zarrOf(dandiset);
      world.objects.delete(`zarr/${zarr.uuid}/${zarr.files.at(-1)?.path}`);
    },
  },
  {
    expected: 'zarrs:zarr-pin-stale',
    change: ({ mirror }) => void mirror.files.set(ZARR, { kind: 'gitlink', oid: '3'.repeat(40) }),
  },
  {
    expected: 'zarrs:zarr-url-ssh',
    change({ mirror, dandiset }) {
      const { uuid } = zarrOf(dandiset);
      mirror.submodules = zarrSection(ZARR, uuid, `git@github.com:dandizarrs/${uuid}.git`);
    },
  },
  {
    expected: 'zarrs:zarr-stuck',
    change({ dandiset, mirror }) {
      zarrOf(dandiset).checksum = null;
      mirror.record = recordText(dandiset.draft.assets);
    },
  },
  {
    expected: 'zarrs?zarr-ingesting',
    change({ world, dandiset, mirror }) {
      zarrOf(dandiset).checksum = null;
      assetAt(dandiset, ZARR).modified = ago(world.now, 2 * HOUR);
      touched(world, dandiset, HOUR);
      mirror.record = recordText(dandiset.draft.assets);
    },
  },
  {
    expected: 'zarrs:odd-key',
    change({ world, dandiset }) {
      const zarr = zarrOf(dandiset);
      zarr.files = [...zarr.files, { path: '0//odd', size: 7, md5: hash('md5', 'odd') }];
      zarr.checksum = zarrChecksum(zarr.files).checksum;
      followed(world, dandiset);
    },
  },
  {
    expected: 'zarrs?zarr-unverified',
    change({ world, dandiset }) {
      const zarr = zarrOf(dandiset);
      const key = `zarr/${zarr.uuid}/${zarr.files.at(-1)?.path}`;
      changeObject(world, key, { etag: `${hash('md5', 'parts')}-2` });
    },
  },
];
export const ZARRS = OF_ZARRS.map((mutant) => ({ ...mutant, wish: WITH_ZARR }));
