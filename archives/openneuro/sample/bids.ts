// Datasets that look like the archive's: BIDS names, plausible sizes and titles. A seed decides
// everything: the same seed gives the same files.

import { createRandom, digest, type Random } from '../../../sample/bytes.ts';
import { annexedFile, plainFile, type SampleFile } from '../../../sample/files.ts';

const METHODS = [
  'Resting-state',
  'Event-related',
  'High-resolution 7T',
  'Naturalistic movie',
  'Longitudinal',
  'Multi-echo',
  'Simultaneous EEG-fMRI',
  'Precision',
  'Sleep-deprived',
] as const;
const SIGNALS = ['fMRI', 'MEG', 'EEG', 'diffusion MRI', 'structural MRI', 'iEEG'] as const;
const SUBJECTS = [
  'balloon analog risk-taking',
  'working memory load',
  'face and house perception',
  'speech comprehension in noise',
  'reward learning in adolescents',
  'mental arithmetic',
  'bilingual language switching',
  'motor sequence learning',
  'visual category learning',
  'theory of mind',
  'pain anticipation',
  'spatial navigation',
  'auditory oddball detection',
  'emotion regulation',
  'handwritten digit imagery',
] as const;
const TASKS = [
  'rest',
  'nback',
  'balloonanalogrisktask',
  'stopsignal',
  'flanker',
  'movie',
  'localizer',
  'oddball',
  'mentalizing',
  'gonogo',
] as const;

/** Of a dataset; its DOI names the version. */
export const DESCRIPTION = 'dataset_description.json';

export function titleOf(random: Random): string {
  const subject = random.pick(SUBJECTS);
  return random.next() < 0.3
    ? `${subject[0]?.toUpperCase()}${subject.slice(1)} task`
    : `${random.pick(METHODS)} ${random.pick(SIGNALS)} of ${subject}`;
}

export interface Layout {
  /** It decides everything else. */
  readonly seed: string;
  readonly title: string;
  /** The number of files of the newest version, those at the root included. */
  readonly files: number;
  readonly annex?: 'symlink' | 'pointer';
  /** `nwb` gives intracranial recordings with SHA256E keys. */
  readonly kind?: 'mri' | 'nwb';
}

export interface Version {
  readonly tag: string;
  /** Index among the dataset's versions, from 0. */
  readonly place: number;
  readonly doi: string | null;
}

const pad = (value: number) => String(value).padStart(2, '0');

export function descriptionOf(title: string, doi: string | null): string {
  const fields = {
    Name: title,
    BIDSVersion: '1.8.0',
    License: 'CC0',
    Authors: ['A. Volunteer', 'B. Curator'],
    ...(doi === null ? {} : { DatasetDOI: doi }),
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** Size range in bytes, by the end of the name. */
function sizeOf(random: Random, name: string): number {
  if (name.endsWith('_T1w.nii.gz')) return random.int(6_000_000, 24_000_000);
  // A few recordings are over 1 GiB: their ETag is that of a multipart upload.
  if (name.endsWith('.nwb')) return random.int(40_000_000, 1_400_000_000);
  return random.int(18_000_000, 320_000_000);
}

function* mriNames(subject: string, tasks: readonly string[], runs: number): Iterable<string> {
  const at = `sub-${subject}`;
  yield `${at}/anat/${at}_T1w.json`;
  yield `${at}/anat/${at}_T1w.nii.gz`;
  for (const task of tasks) {
    for (let run = 1; run <= runs; run++) {
      const name = `${at}/func/${at}_task-${task}_run-${pad(run)}`;
      yield `${name}_bold.nii.gz`;
      yield `${name}_events.tsv`;
    }
  }
}

function* nwbNames(subject: string, tasks: readonly string[], runs: number): Iterable<string> {
  const at = `sub-${subject}`;
  for (const task of tasks) {
    for (let run = 1; run <= runs; run++) {
      const name = `${at}/ses-${pad(run)}/ieeg/${at}_ses-${pad(run)}_task-${task}`;
      yield `${name}_channels.tsv`;
      yield `${name}_ieeg.nwb`;
    }
  }
}

const EVENTS = 'onset\tduration\ttrial_type\n0.061\t0.772\tpumps_demean\n4.958\t0.772\tcash\n';
const SIDECAR = '{\n  "RepetitionTime": 2.0,\n  "MagneticFieldStrength": 3\n}\n';
const CHANNELS = 'name\ttype\tunits\nLAH1\tSEEG\tuV\nLAH2\tSEEG\tuV\n';

function fileAt(layout: Layout, random: Random, path: string): SampleFile {
  if (path.endsWith('.tsv')) return plainFile(path, layout.kind === 'nwb' ? CHANNELS : EVENTS);
  if (path.endsWith('.json')) return plainFile(path, SIDECAR);
  const backend = layout.kind === 'nwb' ? 'SHA256E' : 'MD5E';
  const form = layout.annex ?? 'symlink';
  return annexedFile(path, sizeOf(random, path), `${layout.seed} ${path}`, { form, backend });
}

/**
 * Every file of a version. Versions differ in CHANGES, README and dataset_description.json; the
 * number of files is the same in all, unless the caller removes some.
 */
export function bidsFiles(layout: Layout, version: Version): SampleFile[] {
  const random = createRandom(`${layout.seed} files`);
  const tasks = [random.pick(TASKS)];
  const second = random.pick(TASKS);
  if (!tasks.includes(second)) tasks.push(second);
  const runs = random.int(1, 3);
  const names = layout.kind === 'nwb' ? nwbNames : mriNames;
  const root: SampleFile[] = [
    plainFile('.bidsignore', '*_notes.txt\n'),
    plainFile('.datalad/config', `[datalad "dataset"]\n\tid = ${digest('md5', layout.seed)}\n`),
    plainFile('.gitattributes', '* annex.backend=MD5E\n**/.git* annex.largefiles=nothing\n'),
    plainFile('CHANGES', `${version.tag}\n  - Version ${version.place + 1} of this dataset\n`),
    plainFile('README', `# ${layout.title}\n\nRevision ${version.place + 1}.\n`),
    plainFile(DESCRIPTION, descriptionOf(layout.title, version.doi)),
    plainFile('participants.tsv', 'participant_id\tage\tsex\nsub-01\t26\tF\nsub-02\t24\tM\n'),
  ];
  const files = root.slice(0, Math.max(layout.files, root.length));
  const width = layout.files > 2000 ? 6 : 2;
  for (let subject = 1; files.length < layout.files; subject++) {
    for (const path of names(String(subject).padStart(width, '0'), tasks, runs)) {
      if (files.length >= layout.files) break;
      files.push(fileAt(layout, random, path));
    }
  }
  return files;
}
