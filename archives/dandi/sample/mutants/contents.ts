// Faults of what a mirror holds of the draft, and of the listing itself.

import { hash } from 'node:crypto';
import { recordText } from '../asset-json.ts';
import { DAY, writeManifests } from '../healthy.ts';
import { ago, uuidOf } from '../world.ts';
import {
  assetAt,
  BIG,
  blobOf,
  HOUR,
  keyAt,
  type Mutant,
  rekey,
  TEXT,
  touched,
  UNPUBLISHED,
} from './change.ts';

export const CONTENTS: readonly Mutant[] = [
  { expected: 'assets:files-missing', change: ({ mirror }) => void mirror.files.delete(TEXT) },
  {
    expected: 'assets:content-differs',
    change: (of) => rekey(of, BIG, keyAt(of.mirror, BIG).replace(/--[0-9a-f]{8}/, '--00000000')),
  },
  {
    expected: 'assets:content-differs',
    change({ mirror }) {
      mirror.files.set(TEXT, { kind: 'text', content: Buffer.from('another text') });
    },
  },
  {
    expected: 'assets:kind-differs',
    change: ({ mirror }) => void mirror.files.set(TEXT, { kind: 'gitlink', oid: '2'.repeat(40) }),
  },
  {
    expected: 'assets:files-extra',
    change({ mirror }) {
      mirror.files.set('left.txt', { kind: 'text', content: Buffer.from('left behind\n') });
    },
  },
  {
    expected: 'assets:key-backend',
    change: (of) => rekey(of, BIG, `MD5E-s20000--${hash('md5', BIG)}.nwb`),
  },
  {
    expected: 'assets?settling',
    change: ({ world, dandiset }) => touched(world, dandiset, 5),
  },
  {
    expected: 'record:record-corrupt',
    change({ mirror }) {
      mirror.record = '[{"path": "a"}]';
    },
  },
  {
    expected: 'record:record-missing',
    change({ mirror, dandiset }) {
      mirror.record = recordText(dandiset.draft.assets.filter(({ path }) => path !== BIG));
    },
  },
  {
    expected: 'record:record-extra',
    change({ mirror, dandiset }) {
      const { assets } = dandiset.draft;
      const more = { ...assetAt(dandiset, BIG), assetId: uuidOf('more'), path: 'more.nwb' };
      mirror.record = recordText([...assets, more]);
    },
  },
  {
    expected: 'record:record-changed',
    // Tags have the same record here, and it would be wrong there too.
    wish: UNPUBLISHED,
    change({ mirror, dandiset }) {
      mirror.record = recordText(
        dandiset.draft.assets.map((asset) =>
          asset.path === BIG ? { ...asset, assetId: uuidOf('old') } : asset,
        ),
      );
    },
  },
  {
    expected: 'record?record-unreadable',
    change({ mirror }) {
      mirror.record = null;
    },
  },
  {
    expected: 'metadata:metadata-differs',
    change({ mirror }) {
      if (mirror.metadata) mirror.metadata.description = 'as it was once';
    },
  },
  {
    expected: 'listing:unhashed',
    wish: UNPUBLISHED,
    change({ dandiset, mirror }) {
      blobOf(dandiset, 'sub-3/sub-3_ses-1.nwb').sha256 = undefined;
      mirror.record = recordText(dandiset.draft.assets);
    },
  },
  {
    expected: 'listing?unhashed-yet',
    wish: UNPUBLISHED,
    change({ world, dandiset, mirror }) {
      const asset = assetAt(dandiset, 'sub-3/sub-3_ses-1.nwb');
      asset.created = asset.modified = ago(world.now, 2 * HOUR);
      blobOf(dandiset, asset.path).sha256 = undefined;
      touched(world, dandiset, HOUR);
      mirror.record = recordText(dandiset.draft.assets);
    },
  },
  {
    expected: 'listing:path-conflict',
    wish: { ...UNPUBLISHED, paths: ['README/inner.nwb'] },
    change({ mirror }) {
      mirror.files.delete(TEXT);
    },
  },
  {
    expected: 'listing:modified-lag',
    change({ world, dandiset, mirror }) {
      assetAt(dandiset, BIG).modified = ago(world.now, 50 * DAY);
      mirror.record = recordText(dandiset.draft.assets);
    },
  },
  {
    expected: 'listing:duplicate-path',
    change({ world, dandiset, mirror }) {
      const first = assetAt(dandiset, BIG);
      const created = ago(world.now, 300 * DAY);
      const older = { ...first, assetId: uuidOf('older'), created, modified: created };
      dandiset.draft.assets.push(older);
      writeManifests(world, dandiset);
      mirror.record = recordText(dandiset.draft.assets.filter((one) => one !== older));
    },
  },
  {
    expected: 'listing:path-reserved',
    wish: { ...UNPUBLISHED, paths: ['.datalad/own.nwb'] },
    change: () => {},
  },
  {
    expected: 'embargo:embargo-incoherent',
    change({ mirror }) {
      mirror.settings += '[dandi "dandiset"]\n\tembargo-status = EMBARGOED\n';
    },
  },
  {
    expected: 'embargo?changing',
    change({ world, dandiset, mirror }) {
      touched(world, dandiset, HOUR);
      mirror.settings += '[dandi "dandiset"]\n\tembargo-status = EMBARGOED\n';
    },
  },
];
