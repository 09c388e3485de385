// Content in git that git-annex may read as a key, and content that it does not: shared by the test
// of our reader and the test that asks git-annex itself.

export const NO_KEYS = [
  '',
  'README',
  'MD5E-s1',
  'MD5E',
  'MD5E-s1-',
  '--x',
  '-s1--x',
  'MD5E-sx--y',
  'MD5E-s--y',
  'MD5E-s-5--y',
  'MD5E-t5--y',
  'SHA1-s5-m--y',
  // The fields have one order.
  'WORM-m1395000000-s5--x',
  'SHA256E-s100-C1-S10--x',
  `MD5E-s1--abc.${'x'.repeat(64)}`,
  `MD5E-s1--.${'x'.repeat(64)}`,
];

/** Blobs that name the key. */
export const POINTER_BLOBS = (key: string): string[] => [
  `/annex/objects/${key}`,
  `/annex/objects/${key}\n`,
  `/annex/objects/${key}\r\n`,
  `/annex/objects/${key}\r`,
  `/annex/objects/${key}\n/annex/x\n`,
  `/annex/objects/${key}\n/annex/x\r\nsee /annex/y for more\n`,
  `.git/annex/objects/Kx/9q/${key}/${key}`,
  `../../.git/annex/objects/Kx/9q/${key}/${key}`,
  `../.git/annex/objects/abc/def/${key}/${key}\n`,
  `../.git/annex/objects/${key}`,
  `../../../.git/modules/sub/annex/objects/Kx/9q/${key}/${key}`,
  `../.git/worktrees/other/annex/objects/Kx/9q/${key}/${key}`,
  `/srv/bare.git/annex/objects/Kx/9q/${key}/${key}`,
  ` /annex/objects/${key}`,
  `x/annex/objects/${key}`,
  `text /annex/objects/ text /${key}`,
];

/** Blobs that look like it but name none. */
export const OTHER_BLOBS = (key: string): string[] => [
  `\n/annex/objects/${key}`,
  `\n/annex/objects/${key}\n`,
  `annex/objects/${key}`,
  `/annex/object/${key}`,
  `.git\\annex\\objects\\Kx\\9q\\${key}\\${key}`,
  `/annex/objects/${key}\n\n`,
  `/annex/objects/${key}\n12.5\t1\tgo\n`,
  `/annex/objects/${key}\n/annex/x`,
  `/annex/objects/${key}\n/annex/x\nmore\n`,
  `/annex/objects/${key}\n/annex/x\n\n`,
  `/annex/objects/${key}/`,
  `/annex/objects/${key}/file`,
  '/annex/objects/',
  '../sub-01/T1w.json',
];
