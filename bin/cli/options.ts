// Options of a run, and their defaults.

import { InvalidArgumentError } from 'commander';
import { ARCHIVES } from '../../archives/index.ts';
import { DEFAULT_FROM, type Digest, type NotifyFrom } from '../../core/history/settings.ts';
import { type Archive, checkNames, stagesOf } from '../../core/monitor/archive.ts';
import { REGISTRY_DAYS } from '../../core/monitor/hold.ts';
import { NEW_DATASET_DAYS } from '../../core/monitor/new-entries.ts';
import { SECOND_READINGS } from '../../core/protocols/git/second-reader.ts';

/** `--archive sample`: the sample of the first archive in the list. */
export const SAMPLE = 'sample';
/** That of another one: `sample:toy`. */
export const sampleOf = (archive: Archive): string =>
  archive.isAtRoot ? SAMPLE : `${SAMPLE}:${archive.id}`;
export const isSample = (archive: string): boolean =>
  archive === SAMPLE || archive.startsWith(`${SAMPLE}:`);

/** Signs the messages to the webhook. */
export const SECRET_VARIABLE = 'MIRRORWATCH_WEBHOOK_SECRET';

export interface ArchiveOptions {
  /** Its id, or `sample`, or `sample:` and its id. */
  readonly archive: string;
  readonly definition: Archive;
  /** By place; they override those of the archive. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The mirror host's text for a missing repository; GitHub's and git's are known. */
  readonly mirrorAbsent?: string | undefined;
  /** A recorded export tree that the sample archive replays; null for the generated sample. */
  readonly from: string | null;
  /** A contact for the requested hosts, in the User-Agent. */
  readonly contactUrl?: string | undefined;
  /** Datasets per page of the registry. */
  readonly pageSize: number;
}

export interface RunOptions extends ArchiveOptions {
  readonly out: string;
  readonly datasets: string[] | null;
  readonly maxDatasets: number | null;
  /** Given names that are no ids, and are left out. */
  readonly noIds: readonly string[];
  /** One wrong name refuses the run. */
  readonly strict: boolean;
  /** Only what changed, was not measured well, or may be fixed. */
  readonly changed: boolean;
  readonly stages: readonly string[];
  readonly force: boolean;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly concurrency: number;
  readonly dryRun: boolean;
  readonly acceptShrink: boolean;
  readonly publishAnyway: boolean;
  readonly checks: readonly string[];
  /** Days after publication within which a dataset's export may be unfinished. */
  readonly newDatasetDays: number;
  /** Of the archive's own options, those that were given. */
  readonly choices: Readonly<Record<string, string>>;
  /** Mirrors that the second reader of git also reads. */
  readonly secondReadings: number;
  /** Days for which the registry may be unreadable before the exit code reports it. */
  readonly registryDays: number;
  /** Where readers open the page, without `/` at its end. */
  readonly siteUrl?: string;
  /** Left half of the badges. */
  readonly badgeLabel?: string;
  /** A file that gets a line for each message about what changed. */
  readonly notify?: string;
  /** Gets each message as a signed POST. */
  readonly webhookUrl?: string;
  /** The least status that is reported as a fault. */
  readonly notifyFrom: NotifyFrom;
  /** How often a message lists all that changed. */
  readonly digest: Digest;
  readonly validate: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

export interface PruneOptions {
  readonly out: string;
  readonly dryRun: boolean;
}

/** Of `history import`. */
export interface ImportOptions {
  readonly definition: Archive;
  /** Folder of the git repository. */
  readonly fromGit: string;
  readonly ref: string;
  /** Later runs are left out. */
  readonly until: string | null;
  readonly out: string;
  readonly replace: boolean;
  readonly asRecorded: boolean;
  readonly json: boolean;
}

/** Of `history rebuild`. */
export interface RebuildOptions {
  readonly definition: Archive;
  readonly out: string;
}

export const RUN_DEFAULTS = {
  from: null,
  out: 'data/',
  datasets: null,
  maxDatasets: null,
  strict: false,
  changed: false,
  force: false,
  maxAge: 0,
  pageSize: 100,
  concurrency: 8,
  dryRun: false,
  acceptShrink: false,
  publishAnyway: false,
  newDatasetDays: NEW_DATASET_DAYS,
  secondReadings: SECOND_READINGS,
  registryDays: REGISTRY_DAYS,
  notifyFrom: DEFAULT_FROM,
  digest: 'off',
  validate: false,
  json: false,
  verbose: false,
} satisfies Partial<RunOptions>;

/** The given options, by name; addresses as `{place}Url`. */
export type GivenOptions = Partial<
  Omit<RunOptions, 'definition' | 'addresses' | 'noIds' | 'choices'>
>;

/**
 * The given options, completed with defaults. A sample has a folder of its own, so that the next
 * command does not find what is invented.
 * @throws InvalidArgumentError in one sentence, if the options conflict
 */
export function completeOptions(
  given: GivenOptions,
  archives: readonly Archive[] = ARCHIVES,
): RunOptions {
  const definition = chosenFrom(archives, given.archive);
  const archive = given.archive ?? definition.id;
  const known = checkNames(definition);
  const stages = given.stages ?? stagesOf(definition);
  const { datasets, noIds } = namedIds(definition, given);
  refuseUnknown(definition, given);
  refuseWithChanged(definition, given);
  const options = {
    ...RUN_DEFAULTS,
    ...given,
    datasets,
    noIds,
    archive,
    definition,
    addresses: addressesOf(definition, given),
    choices: choicesOf(definition, given, archives),
    stages: stagesOf(definition).filter((stage) => stages.includes(stage)),
    checks: known.filter((check) => given.checks?.includes(check) ?? true),
  };
  if (!isSample(archive)) {
    if (options.from !== null) {
      throw new InvalidArgumentError(
        '--from replays a tree as the sample archive, not another one.',
      );
    }
    return options;
  }
  if (options.from === null) return { ...options, out: given.out ?? 'sample-data/' };
  const recorded = recordedChecks(definition);
  const unrecorded = given.checks?.filter((check) => !recorded.includes(check)) ?? [];
  if (unrecorded.length > 0) {
    throw new InvalidArgumentError(
      `A recording does not hold what ${unrecorded.join(', ')} needs.`,
    );
  }
  return { ...options, checks: given.checks ?? recorded, out: given.out ?? 'replay-data/' };
}

/** The archive of that id, or of that sample; the first of the list for no id. */
export const chosenFrom = (archives: readonly Archive[], id: string | undefined): Archive =>
  archives.find((one) => one.id === id || sampleOf(one) === id) ?? (archives[0] as Archive);

/** @throws InvalidArgumentError in one sentence */
export function refuseWithChanged(
  archive: Archive,
  {
    changed,
    ...given
  }: Partial<Pick<RunOptions, 'changed' | 'datasets' | 'maxDatasets' | 'stages'>>,
): void {
  if (!changed) return;
  const other = given.datasets ? '--datasets' : given.maxDatasets ? '--max-datasets' : null;
  if (other !== null) {
    throw new InvalidArgumentError(`--changed chooses the datasets itself; leave out ${other}.`);
  }
  if (given.stages && given.stages.length < stagesOf(archive).length) {
    throw new InvalidArgumentError('--changed runs all stages; leave out --stages.');
  }
}

/** Checks with data in a recording: it has no sizes, no contents, no git-annex branch. */
const recordedChecks = ({ checks }: Archive): string[] =>
  checks.flatMap(({ id, of }) => (of === 'names' ? [id] : []));

function addressesOf({ places }: Archive, given: object): Record<string, string> {
  const values = new Map<string, unknown>(Object.entries(given));
  return Object.fromEntries(
    Object.keys(places).flatMap((place) => {
      const url = values.get(`${place}Url`);
      return typeof url === 'string' ? [[place, url]] : [];
    }),
  );
}

/**
 * Options of one archive are refused with another.
 * @throws InvalidArgumentError in one sentence
 */
function choicesOf(
  archive: Archive,
  given: object,
  archives: readonly Archive[],
): Record<string, string> {
  const values = new Map<string, unknown>(Object.entries(given));
  const chosen: Record<string, string> = {};
  for (const name of new Set(archives.flatMap(({ choices = {} }) => Object.keys(choices)))) {
    const value = values.get(camelCase(name));
    if (typeof value !== 'string') continue;
    if (archive.choices?.[name] === undefined) {
      throw new InvalidArgumentError(`--${name} is no option of the archive ${archive.id}.`);
    }
    chosen[name] = value;
  }
  return chosen;
}

/** `zarr-mode` is `zarrMode` among the given options. */
const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/**
 * The given names that can be ids, and those that cannot.
 * @throws InvalidArgumentError in one sentence, if none can be, or one cannot and `strict` is given
 */
export function namedIds(
  archive: Archive,
  {
    datasets = null,
    strict = false,
  }: { readonly datasets?: string[] | null | undefined; readonly strict?: boolean | undefined },
): Pick<RunOptions, 'datasets' | 'noIds'> {
  if (datasets === null) return { datasets, noIds: [] };
  const noIds = datasets.filter((id) => !archive.isId(id));
  if (noIds.length > 0 && (strict || noIds.length === datasets.length)) {
    throw new InvalidArgumentError(
      `${noIdsText(archive, noIds)}; several are separated by commas.`,
    );
  }
  return { datasets: datasets.filter((id) => archive.isId(id)), noIds };
}

/** `"ds1" is no dataset id; ids look like ds000117` */
export function noIdsText({ words }: Archive, noIds: readonly string[]): string {
  const names = noIds.map((id) => JSON.stringify(id)).join(', ');
  const are = noIds.length > 1 ? `are no ${words.entry} ids` : `is no ${words.entry} id`;
  return `${names} ${are}; ids look like ${words.examples[0]}`;
}

/** @throws InvalidArgumentError in one sentence, if the archive does not have a given name */
export function refuseUnknown(
  archive: Archive,
  {
    stages,
    checks,
  }: {
    readonly stages?: readonly string[] | undefined;
    readonly checks?: readonly string[] | undefined;
  },
): void {
  for (const [what, names, known] of [
    ['stage', stages, stagesOf(archive)],
    ['check', checks, checkNames(archive)],
  ] as const) {
    const wrong = names?.find((name) => !known.includes(name));
    if (wrong === undefined) continue;
    throw new InvalidArgumentError(
      `${JSON.stringify(wrong)} is no ${what}; the ${what}s are ${known.join(', ')}.`,
    );
  }
}
