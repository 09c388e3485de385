// What an archive is. This one value holds all that the monitor knows about it. The list is in
// archives/index.ts.

import type { Shown } from '../documents/catalogue.ts';
import type { AboutArchive, Registry } from '../documents/documents.ts';
import type { FindCauses } from '../documents/likely-causes.ts';
import type { CheckRecord } from '../documents/records.ts';
import type { Row, SummaryLayout } from '../documents/rows.ts';
import type { ArchiveDocuments } from '../documents/tree.ts';
import type { Failed, Seen } from '../failure.ts';
import type { Recorded } from '../history/import/recorded.ts';
import type { HostLimit } from '../http/limiter.ts';
import type { HttpClient } from '../http.ts';
import type { RepositoryFile } from '../protocols/sources.ts';
import { allChecks, type CheckDefinition } from './check.ts';
import type { EntrySource } from './entries.ts';
import type { Flow, Log, Progress, StageOptions, StageReport } from './stage.ts';
import type { Store } from './store.ts';

/** An archive's own stages also get its sources. */
export interface StageContext {
  readonly archive: Archive;
  /** What the results say of the archive, and the targets of links and commands. */
  readonly about: AboutArchive;
  readonly store: Store;
  readonly now: () => Date;
  /** Start of the run (ISO 8601): it names the run and orders its writes. */
  readonly runStart: string;
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted on Ctrl-C or when time is nearly up; then no new dataset is begun. */
  readonly signal: AbortSignal;
  readonly options: StageOptions;
}

/** Where documents are read from: a store, or a recorded history (core/history/import/). */
export interface Reading {
  readonly store: Pick<Store, 'readDocument'>;
  readonly log: Log;
}

/**
 * The part of an archive that the page also uses (archives/<id>/page.ts). It imports nothing heavy.
 */
export interface ArchivePage {
  /** For `sort`: negative when `a` is older. Without it, versions are compared as text. */
  compareVersions?(a: string, b: string): number;
  /** An address that a person can open; null if there is none. */
  link(to: string, about: AboutArchive | null, id: string, at?: string | null): string | null;
  /** The page's links from an entry: the `to` argument for `link`, and the link's text. */
  readonly lookups?: readonly {
    readonly to: string;
    label(about: AboutArchive | null): string;
    /** The link leads to the latest version. */
    readonly atVersion?: true;
    /** Issues of which one says that there is nothing: `github:repo-not-found`. */
    readonly unless?: readonly string[];
  }[];
  /** A row in the archive's own layout of all-datasets.json, if it has one; loaded on demand. */
  rowView?(): Promise<(row: Row, checks: readonly Pick<CheckDefinition, 'id' | 'of'>[]) => object>;
}

/**
 * @typeParam S the archive's sources, as its own code uses them; every stage's context contains
 * them.
 */
export interface Archive<S extends object = object> extends ArchivePage, Shown {
  /** The layout of all-datasets.json, if it differs from core/documents/rows.ts. */
  readonly summary?: SummaryLayout;
  readonly documents: ArchiveDocuments;
  /** Raised with every change that can give another verdict on the same evidence. */
  readonly rules: number;
  /** Deployed only where one of its own settings is given: its hosts are asked by nobody else. */
  readonly isOnRequest?: true;
  isId(text: string): boolean;
  /**
   * The addresses that a run requests, by name: `registry`, `mirror` … Options can change each. The
   * first is that of the list.
   */
  readonly places: Readonly<Record<string, ArchivePlace>>;
  /** Options of a run that only this archive has, by name: `mode` becomes `--mode`. */
  readonly choices?: Readonly<Record<string, ArchiveChoice>>;
  /**
   * Likely causes of a row's findings where no measurement writes them: a pure function of the row.
   * The page has the same from the archive's cards.
   */
  likelyCauses?: FindCauses;
  /** Commands that only this archive has. */
  readonly commands?: readonly ArchiveCommand<S>[];
  /** When it is measured on AWS: an EventBridge Scheduler expression in UTC. Default: at 6. */
  readonly schedule?: string;
  /** Request limits of each host. */
  readonly limits: Readonly<Record<string, HostLimit>>;
  open(options: OpenOptions): S;
  /** What status.json says about the archive, if these addresses are used. */
  describe(addresses: Readonly<Record<string, string>>): AboutArchive;
  /** The list of what exists. */
  entries(context: StageContext & S): EntrySource;
  /**
   * Documents that `entries` writes besides the list: paths below the tree's root, `*` for an id.
   */
  readonly keeps: readonly string[];
  /** In display order; each comes after those that it needs. */
  readonly measurements: readonly Measurement<S>[];
  /** When a version was created (ISO 8601); null if unknown. */
  versionDate?(context: Reading, id: string, version: string): Promise<string | null>;
  /** Records derived from documents, for a tree without records. */
  legacy?(context: Reading, registry: Registry): LegacyRecords;
  /** How an older system recorded its results in a git repository; its documents are `legacy`. */
  readonly recorded?: Recorded;
  /** To see cheaply whether a fault may be fixed; without it faulty entries are measured again. */
  readonly marks?: Marks<S>;
  /** Called before a summary is published; a disagreement holds the summary. */
  secondLook?(context: StageContext & S, rows: readonly ComparedRow[]): Promise<SecondLook | null>;
}

/**
 * One thing that can be asked for with one request, and that changes when a fault is fixed: a key
 * that is missing, the refs of a mirror.
 */
export type Mark = Readonly<Record<string, string | number | null>>;

export interface Marks<S extends object = object> {
  /**
   * Marks of an entry's faulty checks, from their documents. A fault that has none is left to the
   * next run over everything.
   */
  of(context: StageContext, id: string, faulty: readonly string[]): Promise<readonly Mark[]>;
  /** Whether it is as it was. */
  holds(context: StageContext & S, id: string, mark: Mark): Promise<boolean | Failed>;
}

export interface ArchivePlace {
  readonly url: string;
  /** Completes the help text: `mirrors, to which /{id}.git is added`. */
  readonly what: string;
  /** Environment variable of the command line for a token; the token is sent to this place only. */
  readonly token?: string;
  /** On AWS the token is the GitHub token of the deployment. */
  readonly isGithub?: true;
}

/** A command of one archive: `mirrorwatch toys wind`. */
export interface ArchiveCommand<S extends object = object> {
  readonly name: string;
  /** Completes the help text: `print the checksum of a zarr`. */
  readonly does: string;
  readonly argument: { readonly name: string; readonly what: string; readonly example: string };
  /** Places of the archive that it requests. */
  readonly asks: readonly string[];
  /** Returns what is printed; a failure's detail says why there is nothing. */
  run(argument: string, context: CommandContext & S): Promise<Seen<string> | Failed>;
}

export interface CommandContext {
  /**
   * The files of HEAD in a git repository on this machine, with the contents of at most `blobBytes`
   * bytes. @throws Problem if it cannot be read
   */
  readRepository(folder: string, blobBytes: number): Promise<Iterable<RepositoryFile>>;
  readonly signal: AbortSignal;
}

export interface ArchiveChoice {
  /** Completes the help text: `how thoroughly to look`. */
  readonly what: string;
  /** The first is the default. */
  readonly values: readonly [string, ...string[]];
}

export interface OpenOptions {
  readonly http: HttpClient;
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** By place; public data needs no token. */
  readonly tokens: Readonly<Record<string, string | undefined>>;
  /** Called once when a token is refused; later requests for public data omit it. */
  readonly onTokenRefused?: ((place: string, status: number) => void) | undefined;
  /** The text that the git host returns for a repository that does not exist. */
  readonly mirrorAbsent?: string | undefined;
  /** Entries per page of the registry. */
  readonly pageSize?: number | undefined;
}

/**
 * An invented archive, or a replay of a recorded tree, served on this machine until it is closed.
 */
export interface OpenSample {
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** By place. Names are the same in every process; addresses are not. */
  readonly names: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** One reading of an entry that serves one or more checks: a stage, a command, a function. */
export interface Measurement<S extends object = object> {
  /** `check-github`; it measures the checks that have this `stage`. */
  readonly id: string;
  /** Completes the help text: `compare the mirrors with the registry`. */
  readonly does: string;
  /** Measurements that must finish an entry before this one begins it. */
  readonly needs: readonly string[];
  /**
   * Expected number of requests for an entry, from the record of its first check. Default: all cost
   * the same.
   */
  readonly cost?: (last: CheckRecord | undefined) => number;
  /** Number of requests that justifies a worker of its own. */
  readonly share: number;
  /** On AWS, where each worker is a function. */
  readonly workers: {
    /** Maximum at once; null means the deployment's `concurrency`. */
    readonly most: number | null;
    /** Entries in progress at once within one worker. */
    readonly entriesAtOnce: number;
    /** Megabytes. */
    readonly memory: number;
  };
  /** Kinds of its requests, for the traffic counts. */
  readonly kinds: readonly string[];
  /** Places of the archive that it requests; it gets their tokens. */
  readonly asks: readonly string[];
  /**
   * Documents of an entry that it writes besides those of its checks: file names, `*` for the
   * versions' folders.
   */
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

/** What `secondLook` gets of a row. */
export type ComparedRow = Pick<Row, 'id' | 'version' | 'checks'>;

export interface SecondLook {
  /** How many entries were compared. */
  readonly compared: number;
  /** One sentence for each disagreement. If there is any, nothing is published. */
  readonly disagreements: readonly string[];
  /** For people; null if there is nothing to say. */
  readonly note: string | null;
}

/** Everything that `--checks` can switch off. */
export function optionalNames(archive: Archive): readonly string[] {
  return allChecks(archive).flatMap(({ id, of }) => (of === 'contents' ? [id] : []));
}

/** Everything that `--checks` can name. */
export function checkNames(archive: Archive): readonly string[] {
  return allChecks(archive).map(({ id }) => id);
}

export const FIRST_STAGE = 'fetch-registry';
export const LAST_STAGE = 'summarize';

/** The stages of a run, in order. */
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

/** Whether a measurement is of the whole archive, and not of each entry. */
export function isOfArchive(archive: Archive, measurement: string): boolean {
  const served = allChecks(archive).filter(({ stage }) => stage === measurement);
  return served.length > 0 && served.every(({ scope }) => scope === 'archive');
}

/**
 * The ids that a measurement runs over: the entries; or the archive's own id if it measures the
 * whole archive, and none of that in a run over some entries.
 */
export function subjectsOf(
  archive: Archive,
  measurement: string,
  ids: readonly string[],
  isOverAll: boolean,
): readonly string[] {
  if (!isOfArchive(archive, measurement)) return ids;
  return isOverAll ? [archive.id] : [];
}

/** The checks that a measurement serves. */
export function servedBy(archive: Archive, measurement: string): readonly string[] {
  return allChecks(archive).flatMap(({ id, stage }) => (stage === measurement ? [id] : []));
}

/** Whether other measurements need this one's result of an entry. */
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
