// Faults of mirrors and of the superdataset.

import { DAY } from '../healthy.ts';
import { ago } from '../world.ts';
import { HOUR, type Mutant, OWNER, touched, UNPUBLISHED } from './change.ts';

export const MIRROR: readonly Mutant[] = [
  {
    expected: 'mirror:leak',
    change({ dandiset }) {
      dandiset.embargo = 'EMBARGOED';
      dandiset.owners = [OWNER];
    },
  },
  {
    expected: 'mirror:repo-not-found',
    change({ mirror }) {
      mirror.access = 'private';
    },
  },
  {
    expected: 'mirror:repo-disabled',
    change({ mirror }) {
      mirror.access = 'disabled';
    },
  },
  {
    expected: 'mirror:repo-empty',
    wish: UNPUBLISHED,
    change({ mirror }) {
      mirror.isEmpty = true;
    },
  },
  {
    expected: 'mirror:draft-missing',
    wish: UNPUBLISHED,
    change({ mirror }) {
      mirror.hasDraft = false;
    },
  },
  {
    expected: 'mirror:clock',
    change({ mirror, world }) {
      mirror.state = ago(world.now, 50 * DAY);
    },
  },
  {
    expected: 'mirror:state-missing',
    change({ mirror }) {
      mirror.state = null;
    },
  },
  {
    expected: 'mirror:lag',
    change({ mirror, world }) {
      mirror.state = ago(world.now, 150 * DAY);
    },
  },
  {
    expected: 'mirror:late',
    change({ world, dandiset, mirror }) {
      touched(world, dandiset, 10 * HOUR);
      mirror.state = ago(world.now, 150 * DAY);
    },
  },
  {
    expected: 'mirror:head-mismatch',
    change({ mirror }) {
      mirror.head = 'git-annex';
    },
  },
  {
    expected: 'mirror:annex-branch-missing',
    change({ mirror }) {
      mirror.hasAnnex = false;
    },
  },
  {
    expected: 'mirror?lag',
    change({ world, dandiset, mirror }) {
      touched(world, dandiset, 2 * HOUR);
      mirror.state = ago(world.now, 150 * DAY);
    },
  },
  {
    expected: 'mirror?new',
    wish: UNPUBLISHED,
    change({ world, dandiset, mirror }) {
      dandiset.created = ago(world.now, 2 * HOUR);
      mirror.access = 'private';
    },
  },
  {
    expected: 'mirror?unembargoing',
    change({ dandiset, mirror }) {
      dandiset.embargo = 'UNEMBARGOING';
      dandiset.owners = [OWNER];
      mirror.access = 'private';
    },
  },
];

export const SUPER: readonly Mutant[] = [
  {
    expected: 'superdataset:super-duplicate',
    change({ section }) {
      section.times = 2;
    },
  },
  {
    expected: 'superdataset:super-wrong',
    change({ section }) {
      section.url = section.url.replace('dandisets', 'others');
    },
  },
  {
    expected: 'superdataset:super-missing',
    change({ section }) {
      section.isMissing = true;
    },
  },
  {
    expected: 'superdataset:super-stale',
    change({ section }) {
      section.gitlink = '4'.repeat(40);
    },
  },
  {
    expected: 'superdataset?super-moving',
    change({ section }) {
      section.gitlink = '5'.repeat(40);
    },
  },
  {
    expected: 'superdataset?super-new',
    wish: UNPUBLISHED,
    change({ world, dandiset, section }) {
      dandiset.created = ago(world.now, 2 * HOUR);
      section.isMissing = true;
    },
  },
];
