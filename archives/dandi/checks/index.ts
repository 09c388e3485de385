// The checks of the DANDI archive, in the order in which they are shown.

import { assets } from './assets.ts';
import { blobs } from './blobs.ts';
import { doi } from './doi.ts';
import { embargo } from './embargo.ts';
import { hidden } from './hidden.ts';
import { listing } from './listing.ts';
import { manifests } from './manifests.ts';
import { metadata } from './metadata.ts';
import { mirror } from './mirror.ts';
import { record } from './record.ts';
import { repository } from './repository.ts';
import { superdataset } from './superdataset.ts';
import { tags } from './tags.ts';
import { urls } from './urls.ts';
import { versions } from './versions.ts';
import { zarrs } from './zarrs.ts';

export const CHECK_LIST = [
  mirror,
  assets,
  tags,
  versions,
  record,
  metadata,
  listing,
  zarrs,
  blobs,
  urls,
  manifests,
  embargo,
  superdataset,
  doi,
  repository,
] as const;

export const WHOLE_CHECKS = [hidden] as const;
