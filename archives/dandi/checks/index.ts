// The checks of the DANDI archive, in the order in which they are shown.

import { addresses } from './addresses.ts';
import { assets } from './assets.ts';
import { blobs } from './blobs.ts';
import { doi } from './doi.ts';
import { embargo } from './embargo.ts';
import { github } from './github.ts';
import { hidden } from './hidden.ts';
import { manifests } from './manifests.ts';
import { metadata } from './metadata.ts';
import { mirror } from './mirror.ts';
import { record } from './record.ts';
import { registry } from './registry.ts';
import { superdataset } from './superdataset.ts';
import { tags } from './tags.ts';
import { versions } from './versions.ts';
import { zarrs } from './zarrs.ts';

export const CHECK_LIST = [
  mirror,
  assets,
  tags,
  versions,
  record,
  metadata,
  registry,
  zarrs,
  blobs,
  addresses,
  manifests,
  embargo,
  superdataset,
  doi,
  github,
] as const;

export const WHOLE_CHECKS = [hidden] as const;
