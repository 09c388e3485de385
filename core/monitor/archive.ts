// What an archive is: this one value tells the monitor all it knows about it. archives/index.ts has the list.

import type { Cause, ReasonWords } from '../documents/catalogue.ts';
import type { AboutArchive, Registry } from '../documents/documents.ts';
import type { CheckRecord } from '../documents/records.ts';
import type { Row, SummaryLayout } from '../documents/rows.ts';
import type { ArchiveDocuments } from '../documents/tree.ts';
import type { HostLimit } from '../http/limiter.ts';
import type { HttpClient } from '../http.ts';
import type { CheckDefinition } from './check.ts';
import type { StageContext, StageReport } from './context.ts';
import type { EntrySource } from './entries.ts';
import type { Flow } from './frame.ts';

/** The part of an archive that the page uses as well (archives/<id>/page.ts): it imports nothing heavy. */
export interface ArchivePage {
  /** For `sort`: negative when `a` is older. Without it versions are compared as text. */
  compareVersions?(a: string, b: string): number;
  /** Where a person can look; null where there is no such place. */
  link(to: string, about: AboutArchive | null, id: string, at?: string | null): string | null;
  /** The page's links from an entry: the `to` that `link` is called with, and the link's text. */
  readonly lookups?: readonly {
    readonly to: string;
    label(about: AboutArchive | null): string;
    /** The link leads to the latest version. */
    readonly atVersion?: true;
  }[];
  /** A row in the archive's own layout of all-datasets.json, where it has one; loaded when it is wanted. */
  rowView?(): Promise<(row: Row, checks: readonly Pick<CheckDefinition, 'id' | 'of'>[]) => object>;
}

/** @typeParam S its sources, as its own code uses them; the context of every stage contains them. */
export interface Archive<S extends object = object> extends ArchivePage {
  /** Prefix of paths and keys, `--archive`, dimension of metrics. */
  readonly id: string;
  readonly words: {
    /** For people. */
    readonly title: string;
    /** What an entry is called: `dataset`. */
    readonly entry: string;
    /** Ids of two entries, as the help shows them. */
    readonly examples: readonly [string, string];
  };
  /** Checks of an entry, in the order they are shown. */
  readonly checks: readonly CheckDefinition[];
  /** Checks of the whole archive (`scope: 'archive'`): made once a run; their verdicts are in status.json. */
  readonly wholeChecks?: readonly CheckDefinition[];
  /** Likely causes of findings; those that explain most come first. */
  readonly causes?: readonly Cause[];
  /** Why a check had nothing to look at. */
  readonly reasons?: Readonly<Record<string, ReasonWords>>;
  /** The layout of all-datasets.json, where it is not that of core/documents/rows.ts. */
  readonly summary?: SummaryLayout;
  /** What `--checks` can switch off beside the checks of contents. */
  readonly extras: readonly string[];
  readonly documents: ArchiveDocuments;
  /** Raised with every change that can turn a verdict over the same evidence. */
  readonly rules: number;
  isId(text: string): boolean;
  /** The addresses that a run asks, by name: `registry`, `mirror` … Options can change each. */
  readonly places: Readonly<Record<string, ArchivePlace>>;
  /** How hard each host may be asked. */
  readonly limits: Readonly<Record<string, HostLimit>>;
  open(options: OpenOptions): S;
  /** What status.json says about the archive, when these addresses were asked. */
  describe(addresses: Readonly<Record<string, string>>): AboutArchive;
  /** The list of what exists. */
  entries(context: StageContext & S): EntrySource;
  /** Documents that `entries` writes beside the list: paths below the tree's root, `*` for an id. */
  readonly keeps: readonly string[];
  /** Called after a complete list was read and written. @returns one sentence for a person, or null */
  afterList?(context: StageContext & S, registry: Registry): Promise<string | null>;
  /** In the order they are shown; each comes after those that it needs. */
  readonly measurements: readonly Measurement<S>[];
  /** When a version was created (ISO 8601); null when that is not known. */
  versionDate?(context: StageContext, id: string, version: string): Promise<string | null>;
  /** Records derived from the documents of a tree that has none. */
  legacy?(context: StageContext, registry: Registry): LegacyRecords;
  /** Called before a summary is published; a disagreement holds it. */
  secondLook?(context: StageContext & S, rows: readonly ComparedRow[]): Promise<SecondLook | null>;
}

export interface ArchivePlace {
  readonly url: string;
  /** Completes the help: `mirrors, to which /{id}.git is added`. */
  readonly what: string;
  /** Environment variable of the command line with a token that is sent there and nowhere else. */
  readonly token?: string;
}

export interface OpenOptions {
  readonly http: HttpClient;
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** By place; public data needs none. */
  readonly tokens: Readonly<Record<string, string | undefined>>;
  /** Called once when a token was refused: from then on public data is asked for without it. */
  readonly onTokenRefused?: ((place: string, status: number) => void) | undefined;
  /** The text with which the host of git repositories says that one does not exist. */
  readonly mirrorAbsent?: string | undefined;
  /** Entries on a page of the registry. */
  readonly pageSize?: number | undefined;
}

/** An invented archive, or a replay of a recorded tree, served on this machine until it is closed. */
export interface OpenSample {
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** By place. Names stay the same in every process; addresses do not. */
  readonly names: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** One reading of an entry, which serves one or several checks: a stage, a command, a function. */
export interface Measurement<S extends object = object> {
  /** `check-github`; it measures the checks whose `stage` it is. */
  readonly id: string;
  /** Completes the help: `compare the mirrors with the registry`. */
  readonly does: string;
  /** Measurements that must have finished an entry before this one begins it. */
  readonly needs: readonly string[];
  /** Expected number of requests for an entry, from the record of its first check. Without it all cost the same. */
  readonly cost?: (last: CheckRecord | undefined) => number;
  /** Number of requests that is worth a worker of its own. */
  readonly share: number;
  /** On AWS, where a worker is a function. */
  readonly workers: {
    /** At once; null where the deployment's `concurrency` says. */
    readonly most: number | null;
    /** Entries in work at once within one. */
    readonly entriesAtOnce: number;
    /** Megabytes. */
    readonly memory: number;
  };
  /** Kinds of its requests, as traffic is counted. */
  readonly kinds: readonly string[];
  /** Places of the archive that it asks; it is given their tokens. */
  readonly asks: readonly string[];
  /** Documents of an entry that it writes beside those of its checks: file names, `*` for the versions' folders. */
  readonly writes?: readonly string[];
  /** Documents of its checks that it may remove. */
  readonly removes?: readonly string[];
  /** It keeps the files of commits (`readTree`, `writeTree`) for the next run. */
  readonly keepsTrees?: true;
  run(
    context: StageContext & S,
    registry: Registry,
    ids: readonly string[],
    flow?: Flow,
  ): Promise<StageReport>;
}

export interface LegacyRecords {
  of(id: string): Promise<Readonly<Record<string, CheckRecord | undefined>>>;
}

/** What `secondLook` sees of a row. */
export type ComparedRow = Pick<Row, 'id' | 'version' | 'checks'>;

export interface SecondLook {
  /** How many entries were compared. */
  readonly compared: number;
  /** One sentence for each disagreement. If there is any, nothing is published. */
  readonly disagreements: readonly string[];
  /** For people; null when there is nothing to say. */
  readonly note: string | null;
}

/** Everything that `--checks` can switch off. */
export function optionalNames({ checks, extras }: Archive): readonly string[] {
  return [...checks.flatMap(({ id, of }) => (of === 'contents' ? [id] : [])), ...extras];
}

/** Everything that `--checks` can name. */
export function checkNames({ checks, extras }: Archive): readonly string[] {
  return [...checks.map(({ id }) => id), ...extras];
}

export const FIRST_STAGE = 'fetch-registry';
export const LAST_STAGE = 'summarize';

/** The stages of a run in their order. */
export function stagesOf({ measurements }: Archive): readonly string[] {
  return [FIRST_STAGE, ...measurements.map(({ id }) => id), LAST_STAGE];
}

/** Kind of a request → the stage that makes it. */
export function askedBy({ measurements }: Archive): ReadonlyMap<string, string> {
  return new Map([
    ['registry', FIRST_STAGE],
    ...measurements.flatMap(({ id, kinds }) => kinds.map((kind) => [kind, id] as const)),
  ]);
}

/** The checks of entries, then those of the whole archive. */
export const allChecks = ({
  checks,
  wholeChecks = [],
}: Pick<Archive, 'checks' | 'wholeChecks'>): readonly CheckDefinition[] => [
  ...checks,
  ...wholeChecks,
];

/** Ids that a measurement is run over: the entries, or the archive's own id where it measures the whole archive. */
export function subjectsOf(
  archive: Archive,
  measurement: string,
  ids: readonly string[],
): readonly string[] {
  const served = allChecks(archive).filter(({ stage }) => stage === measurement);
  const isOfArchive = served.length > 0 && served.every(({ scope }) => scope === 'archive');
  return isOfArchive ? [archive.id] : ids;
}

/** The checks that a measurement serves. */
export function servedBy(archive: Archive, measurement: string): readonly string[] {
  return allChecks(archive).flatMap(({ id, stage }) => (stage === measurement ? [id] : []));
}

/** Whether others go on from what a measurement made of an entry. */
export const isNeeded = ({ measurements }: Archive, id: string): boolean =>
  measurements.some(({ needs }) => needs.includes(id));

/** Measurements in levels: each needs only those of earlier levels. */
export function levelsOf<S extends object>({
  measurements,
}: Pick<Archive<S>, 'measurements'>): readonly (readonly Measurement<S>[])[] {
  const depth = new Map<string, number>();
  for (const { id, needs } of measurements) {
    depth.set(id, Math.max(0, ...needs.map((needed) => 1 + (depth.get(needed) as number))));
  }
  const levels: Measurement<S>[][] = [];
  for (const one of measurements) {
    const at = depth.get(one.id) as number;
    levels[at] ??= [];
    levels[at].push(one);
  }
  return levels;
}

/** @throws when the archive has no such check */
export function checkOf(
  archive: Pick<Archive, 'checks' | 'wholeChecks'>,
  id: string,
): CheckDefinition {
  const check = allChecks(archive).find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check is named ${JSON.stringify(id)}`);
  return check;
}
