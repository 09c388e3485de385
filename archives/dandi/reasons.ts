// Why a check of the DANDI archive had nothing to look at, or has to wait.

import type { ReasonWords } from '../../core/documents/catalogue.ts';

export const REASONS: Readonly<Record<string, ReasonWords>> = {
  new: { says: 'the dandiset is less than a day old, and has no mirror yet' },
  lag: { says: 'the draft changed less than six hours ago' },
  embargoed: { says: 'the dandiset is embargoed' },
  unembargoing: { says: 'the embargo of the dandiset is being lifted' },
  'no-mirror': { says: 'there is no mirror that anybody can read' },
  'tag-expected': { says: 'a version was published less than six hours ago' },
  'super-new': { says: 'the dandiset is less than a day old, and not in the superdataset yet' },
  'super-moving': { says: 'the superdataset has had another commit for less than a day' },
  settling: { says: 'the draft changed within the last half minute' },
  'unhashed-yet': { says: 'the archive is still computing hashes', untold: true },
  'behind-unhashed': {
    says: 'the backup has stopped at an asset that has no hash yet',
    untold: true,
  },
  unread: { says: 'some files are too large to be read', untold: true },
  'record-unreadable': { says: "the mirror's record is too large, annexed or missing" },
  'not-yet': { says: 'some versions are compared in the next runs', untold: true },
  changing: { says: "the mirror's settings are less than six hours behind", untold: true },
  'zarr-ingesting': { says: 'the archive is still taking in a zarr', untold: true },
  'zarr-unverified': {
    says: 'the objects of a zarr are too many, or have no MD5',
    untold: true,
  },
};
