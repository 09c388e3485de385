// What an archive brings: everything the monitor knows of it is in this one value. archives/index.ts has the list.

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

/** What the page calls of an archive too (archives/<id>/page.ts): it imports nothing heavy. */
export interface ArchivePage {
  /** For `sort`: negative when `a` is the older; by their text where it is absent. */
  compareVersions?(a: string, b: string): number;
  /** Where a person can look; null where there is no such place. */
  link(to: string, about: AboutArchive | null, id: string, at?: string | null): string | null;
  /** Where the page leads from an entry: what `link` is asked for, and how it is called. */
  readonly lookups?: readonly {
    readonly to: string;
    label(about: AboutArchive | null): string;
    /** The place is of the latest version. */
    readonly atVersion?: true;
  }[];
  /** A row as all-datasets.json has it, where that is not as core/documents/rows.ts has it. */
  viewOf?(row: Row, checks: readonly Pick<CheckDefinition, 'id' | 'of'>[]): object;
}

/** @typeParam S what its sources are, as its own code sees them: they are part of the context of a stage. */
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
  /** Of an entry, in the order they are shown. */
  readonly checks: readonly CheckDefinition[];
  /** Of the archive as a whole (`scope: 'archive'`): made once a run, and told in status.json. */
  readonly wholeChecks?: readonly CheckDefinition[];
  /** Likely causes of what the checks find, the ones that explain most first. */
  readonly causes?: readonly Cause[];
  /** Why a check had nothing to look at. */
  readonly reasons?: Readonly<Record<string, ReasonWords>>;
  /** Of all-datasets.json, where it is not that of core/documents/rows.ts. */
  readonly summary?: SummaryLayout;
  /** What a run may leave out beside its checks of contents. */
  readonly extras: readonly string[];
  readonly documents: ArchiveDocuments;
  /** Raised with every change that can turn a verdict over the same evidence. */
  readonly rules: number;
  isId(text: string): boolean;
  /** Where it is asked, by name: `registry`, `mirror` … Each may be given another address. */
  readonly places: Readonly<Record<string, ArchivePlace>>;
  /** How hard each host may be asked. */
  readonly limits: Readonly<Record<string, HostLimit>>;
  open(options: OpenOptions): S;
  /** What the results say of it, asked at these addresses. */
  describe(addresses: Readonly<Record<string, string>>): AboutArchive;
  /** What exists. */
  entries(context: StageContext & S): EntrySource;
  /** Documents that reading what exists writes beside the list: paths below the tree's root, `*` for an id. */
  readonly keeps: readonly string[];
  /** Called once all of a whole, complete reading is kept. @returns one sentence for a person, or null */
  afterList?(context: StageContext & S, registry: Registry): Promise<string | null>;
  /** In the order they are shown; what each needs comes before it. */
  readonly measurements: readonly Measurement<S>[];
  /** When a version was created (ISO 8601); null when that is not known. */
  versionDate?(context: StageContext, id: string, version: string): Promise<string | null>;
  /** Records derived from the documents of a tree that has none. */
  legacy?(context: StageContext, registry: Registry): LegacyRecords;
  /** A last look before a summary is published. */
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
  /** Told once when a token was refused: what is public is then asked for without it. */
  readonly onTokenRefused?: ((place: string, status: number) => void) | undefined;
  /** What the host of git repositories says of one that is not there. */
  readonly mirrorAbsent?: string | undefined;
  /** Entries on a page of the registry. */
  readonly pageSize?: number | undefined;
}

/** An invented archive, or a replay of a recorded tree, served on this machine until it is closed. */
export interface OpenSample {
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The same in every process, as its addresses are not; by place. */
  readonly names: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** One reading of an entry, which serves one or several checks: a stage, a command, a function. */
export interface Measurement<S extends object = object> {
  /** `check-github`; the checks whose `stage` it is are measured by it. */
  readonly id: string;
  /** Completes the help: `compare the mirrors with the registry`. */
  readonly does: string;
  /** Measurements that must be through with an entry before this one looks at it. */
  readonly needs: readonly string[];
  /**
   * Requests that an entry is expected to take, by the record of its first check; the same for all where it is
   * absent.
   */
  readonly cost?: (last: CheckRecord | undefined) => number;
  /** Requests that are worth a worker of their own. */
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
  /** Kinds of its questions, as traffic is counted. */
  readonly kinds: readonly string[];
  /** Places of the archive that it asks: their tokens are given to it. */
  readonly asks: readonly string[];
  /** What it writes of an entry beside the documents of its checks: file names, `*` for the versions' folders. */
  readonly writes?: readonly string[];
  /** Of its checks' documents those that it may remove. */
  readonly removes?: readonly string[];
  /** Keeps what a commit holds, for the next run. */
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

/** A row as the second look sees it. */
export type ComparedRow = Pick<Row, 'id' | 'version' | 'checks'>;

export interface SecondLook {
  /** How many entries were compared. */
  readonly compared: number;
  /** One sentence for each disagreement: with any, nothing is published. */
  readonly disagreements: readonly string[];
  /** For people; null when there is nothing to say. */
  readonly note: string | null;
}

/** Names of the checks that a run may leave out, and of what else it may. */
export function optionalNames({ checks, extras }: Archive): readonly string[] {
  return [...checks.flatMap(({ id, of }) => (of === 'contents' ? [id] : [])), ...extras];
}

/** Everything `--checks` can name. */
export function checkNames({ checks, extras }: Archive): readonly string[] {
  return [...checks.map(({ id }) => id), ...extras];
}

export const FIRST_STAGE = 'fetch-registry';
export const LAST_STAGE = 'summarize';

/** The stages of a run in their order. */
export function stagesOf({ measurements }: Archive): readonly string[] {
  return [FIRST_STAGE, ...measurements.map(({ id }) => id), LAST_STAGE];
}

/** Kind of a question → the stage that asks it. */
export function askedBy({ measurements }: Archive): ReadonlyMap<string, string> {
  return new Map([
    ['registry', FIRST_STAGE],
    ...measurements.flatMap(({ id, kinds }) => kinds.map((kind) => [kind, id] as const)),
  ]);
}

/** Of its entries and of itself. */
export const allChecks = ({
  checks,
  wholeChecks = [],
}: Pick<Archive, 'checks' | 'wholeChecks'>): readonly CheckDefinition[] => [
  ...checks,
  ...wholeChecks,
];

/** What a measurement looks at: these entries, or the archive as a whole, by its id. */
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

/** Measurements by how many must come before them: those of a level need none of each other. */
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
