// Fixed evidence for golden-verdicts.test.ts: the content of a repository, a description, the
// git-annex branch, and datasets in every state that the checks know. Only ever added to.

import { failed } from '../../../core/failure.ts';
import {
  COMMIT,
  dataset,
  description,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  OTHER_COMMIT,
  page,
} from '../../support/stage-context.ts';

const [FILE, LINK] = [0o100644, 0o120000];
const MD5 = 'd614929593bf2a7cccea90bea67255f4';
const KEY = `MD5E-s7--${MD5}.nii.gz`;

export const BLOBS: Readonly<Record<string, readonly [mode: number, text: string]>> = {
  'an annex link': [LINK, `../.git/annex/objects/Xx/Yy/${KEY}/${KEY}`],
  'a link of the dataset': [LINK, '../sub-01/anat'],
  'a link into the annex of a submodule': [
    LINK,
    `../.git/modules/x/annex/objects/a/b/${KEY}/${KEY}`,
  ],
  'a pointer file': [FILE, `/annex/objects/${KEY}\n`],
  'a pointer file of Windows': [FILE, `/annex/objects/${KEY}\r\n`],
  'a pointer file that holds a link': [FILE, `../.git/annex/objects/Xx/Yy/${KEY}/${KEY}`],
  'a pointer file with more lines of the annex': [FILE, `/annex/objects/${KEY}\n/annex/x\n`],
  'a pointer file that something was appended to': [FILE, `/annex/objects/${KEY}\n1\t2\n`],
  'a key of SHA3': [FILE, '/annex/objects/SHA3_256E-s5--00ff.nii.gz\n'],
  'a key of a URL': [FILE, '/annex/objects/URL--http&c%%example.org%a\n'],
  'a key of WORM': [FILE, '/annex/objects/WORM-s5-m1--a b\n'],
  'an ordinary file': [FILE, 'Read me.\n'],
};

export const DESCRIPTIONS: Readonly<Record<string, unknown>> = {
  bare: '10.18112/openneuro.ds000001.v1.0.0',
  'with doi:': 'doi:10.18112/openneuro.ds000001.v1.0.0',
  'as a URL': 'https://doi.org/10.18112/openneuro.ds000001.v1.0.0',
  'percent-encoded': 'https://doi.org/10.18112%2Fopenneuro.ds000001.v1.0.0',
  'of 2018': '10.18112/openneuro.ds000001.v1',
  'of another dataset': '10.18112/openneuro.ds000002.v1.0.0',
  'in capitals': '10.18112/OPENNEURO.DS000001.V1.0.0',
  mock: 'mockDOI',
  'of another archive': '10.5281/zenodo.1234',
  empty: '',
};

const UUID = '57894849-d0c8-4c62-8418-3627be18a196';
const own = `${UUID} bucket=openneuro.org exporttree=yes fileprefix=ds000001/ name=s3-PUBLIC type=S3 timestamp=1s\n`;
const foreign = own.replace(UUID, 'aaaa').replace('ds000001', 'ds000002');
const log = `1590213748.5s here:${UUID} ${'1'.repeat(40)}\n`;

export const ANNEX_LOGS = {
  'one live remote': { remote: own, trust: '', export: log },
  'a dead one': { remote: own, trust: `${UUID} X timestamp=2s\n`, export: log },
  'one of another dataset': { remote: own + foreign, trust: '', export: log },
  'no export': { remote: own, trust: '', export: '' },
  'an export not ended': {
    remote: own,
    trust: '',
    export: log.replace('\n', ` ${'2'.repeat(40)}\n`),
  },
};

const [MOVED, LOST] = ['e', 'f'].map((digit) => digit.repeat(40)) as [string, string];

type Change = (archive: FakeArchive, id: string) => void;

export const ARCHIVE_CASES: Readonly<Record<string, Change>> = {
  'in step': () => {},
  'no repository': (archive, id) => archive.refs.set(id, 'absent'),
  'an empty repository': (archive, id) =>
    archive.refs.set(id, { ...healthyRefs([]), branches: new Map() }),
  'the latest tag is missing': (archive, id) => archive.refs.set(id, healthyRefs(['0.9.0'])),
  'a tag at another commit': (archive, id) => {
    archive.refs.set(id, healthyRefs(['1.0.0'], OTHER_COMMIT));
    archive.trees.set(OTHER_COMMIT, archive.trees.get(COMMIT) ?? []);
  },
  'HEAD at git-annex': (archive, id) =>
    archive.refs.set(id, { ...healthyRefs(['1.0.0']), head: 'git-annex' }),
  'no git-annex branch': (archive, id) =>
    archive.refs.set(id, { ...healthyRefs(['1.0.0']), branches: new Map([['main', COMMIT]]) }),
  'no DOI': (archive, id) => archive.descriptions.set(id, description(null)),
  'a DOI of another version': (archive, id) =>
    archive.descriptions.set(id, description(`10.18112/openneuro.${id}.v0.9.0`)),
  'no description': (archive, id) => archive.descriptions.set(id, 'absent'),
  blocked: (archive, id) => archive.descriptions.set(id, 'denied'),
  'never measured': (archive, id) => archive.refs.set(id, failed('timeout', 'too slow')),
  'files missing': (archive, id) => archive.listings.set(id, ['CHANGES']),
  'files orphaned': (archive, id) =>
    archive.listings.set(id, ['CHANGES', 'dataset_description.json', 'x']),
  'nothing in the bucket': (archive, id) => archive.listings.set(id, []),
  "a tag at another commit, and the export of the registry's": (archive, id) => {
    archive.refs.set(id, healthyRefs(['1.0.0'], MOVED));
    archive.trees.set(MOVED, ['README']);
  },
  "a tag at another commit, and no mirror has the registry's": (archive, id) => {
    archive.refs.set(id, healthyRefs(['1.0.0'], MOVED));
    const [first] = archive.readings[0] ?? [];
    if (first === undefined || 'kind' in first) throw new Error('no page');
    const datasets = first.datasets.map((one) =>
      one.id === id
        ? { ...one, snapshots: one.snapshots.map((each) => ({ ...each, hexsha: LOST })) }
        : one,
    );
    archive.readings = [[{ ...first, datasets }]];
    archive.absent.add(LOST);
  },
};

/** One dataset per case, `ds000001` the first. */
export function goldenArchive(): FakeArchive {
  const ids = Object.keys(ARCHIVE_CASES).map((_, at) => `ds${String(at + 1).padStart(6, '0')}`);
  const archive = healthyArchive(ids);
  archive.readings = [[page(ids.map((id) => dataset(id, ['1.0.0'])))]];
  for (const [at, change] of Object.values(ARCHIVE_CASES).entries()) change(archive, ids[at] ?? '');
  return archive;
}
