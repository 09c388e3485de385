// A daily sample of mirrors, read by both readers of git: the refs of each, and the tree of the
// smallest. If they disagree, one of them is wrong, and nothing may be published (docs/checks.md,
// "Second readings").

import { fromBinary } from '../../../core/compare/byte-order.ts';
import { spread } from '../../../core/compare/spread.ts';
import type { ComparedRow, SecondLook } from '../../../core/monitor/archive.ts';
import {
  fileLine,
  SECOND_READINGS,
  type SecondReader,
  type SecondRefs,
} from '../../../core/protocols/git/second-reader.ts';
import type { Context as RunContext } from '../sources.ts';

/** The mirrors that this run has measured. */
export async function compareReaders(
  context: RunContext,
  rows: readonly ComparedRow[],
): Promise<SecondLook | null> {
  const { secondReader, options } = context;
  const most = options.secondReadings ?? SECOND_READINGS;
  if (!secondReader || most === 0) return null;
  const { compared, disagreements } = await readTwice(context, secondReader, rows, most);
  const mirrors = `${compared} mirror${compared === 1 ? ' was' : 's were'}`;
  const note = compared > 0 ? `${mirrors} read by a second reader of git as well.` : null;
  return { compared, disagreements, note };
}

export interface SecondReading {
  /** Datasets whose refs both readers read. */
  readonly compared: number;
  /** One sentence for each disagreement. */
  readonly disagreements: readonly string[];
}

type Context = Pick<RunContext, 'mirror' | 'store' | 'log' | 'runStart' | 'signal'>;

/**
 * Reads a sample of the mirrors that this run has measured, by its rows. What one of the readers
 * could not read is not compared. A mirror that changes between the two readings is read again.
 * @param most size of the sample; 0 reads nothing
 */
export async function readTwice(
  context: Context,
  second: SecondReader,
  rows: readonly ComparedRow[],
  most: number,
): Promise<SecondReading> {
  const disagreements: string[] = [];
  const sample = await chooseSample(context, rows, most);
  let compared = 0;
  let smallest: Sampled | undefined;
  for (const mirror of sample) {
    if (context.signal.aborted) break;
    const difference = await settled(() => compareRefs(context, second, mirror.dataset));
    if (difference === null) continue;
    compared += 1;
    if (difference !== '') disagreements.push(`${mirror.dataset}: ${difference}`);
    else if (smallest === undefined || mirror.files < smallest.files) smallest = mirror;
  }
  if (smallest !== undefined && !context.signal.aborted) {
    const { dataset, tag } = smallest;
    const difference = await settled(() => compareTrees(context, second, dataset, tag));
    if (difference) disagreements.push(`${dataset}: ${difference}`);
  }
  return { compared, disagreements };
}

interface Sampled {
  readonly dataset: string;
  /** The tag of the registry's latest snapshot. */
  readonly tag: string;
  /** Of its export, as last counted. */
  readonly files: number;
}

/** By day, so that every mirror gets its turn, and a re-check on the same day reads the same. */
async function chooseSample(
  { store, runStart }: Context,
  rows: readonly ComparedRow[],
  most: number,
): Promise<Sampled[]> {
  const seed = spread(runStart.slice(0, 10));
  const chosen = rows
    .filter((row) => isReadable(row, runStart))
    .map(({ id, version }) => ({ id, tag: version, rank: spread(id, seed) }))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))
    .slice(0, most);
  return Promise.all(
    chosen.map(async ({ id, tag }) => {
      const record = (await store.open(id)).record('s3Files');
      const files = record?.numbers?.files;
      return { dataset: id, tag: tag as string, files: files ?? Number.MAX_SAFE_INTEGER };
    }),
  );
}

/** Measured successfully in this run, and with refs. */
function isReadable(row: ComparedRow, runStart: string): boolean {
  const github = row.checks.github;
  return (
    github?.at != null &&
    Date.parse(github.at) >= Date.parse(runStart) &&
    github.lastAttempt === null &&
    row.version !== null &&
    !github.subtype?.startsWith('repo-')
  );
}

/** Empty if both saw the same, null if one of them saw nothing. */
type Difference = string | null;

/** A difference counts when it is seen again: the mirror may have changed in between. */
async function settled(compare: () => Promise<Difference>): Promise<Difference> {
  const first = await compare();
  if (!first) return first;
  const second = await compare();
  return second === first ? first : null;
}

async function compareRefs(
  context: Context,
  second: SecondReader,
  dataset: string,
): Promise<Difference> {
  const ours = await context.mirror.readRefs(dataset, context.signal);
  const theirs = await second.readRefs(dataset, context.signal);
  if (ours.kind !== 'seen' || theirs.kind === 'failed') {
    const detail = theirs.kind === 'failed' ? theirs.detail : ours.kind;
    context.log('warn', 'not read twice', { dataset, detail });
    return null;
  }
  const differing = differingRefs(ours.value, theirs.value);
  return differing.length === 0
    ? ''
    : `the two readers of git see other refs (${differing.slice(0, 3).join(', ')})`;
}

function differingRefs(ours: SecondRefs, theirs: SecondRefs): string[] {
  const between = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>) =>
    [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
  return [
    ...(ours.head === theirs.head || (isUnborn(ours) && theirs.head === null) ? [] : ['HEAD']),
    ...between(ours.branches, theirs.branches),
    ...between(ours.tags, theirs.tags),
  ];
}

/** HEAD names a branch that does not exist, for which isomorphic-git does not ask. */
const isUnborn = ({ head, branches }: SecondRefs) => head !== null && !branches.has(head);

async function compareTrees(
  context: Context,
  second: SecondReader,
  dataset: string,
  tag: string,
): Promise<Difference> {
  const refs = await context.mirror.readRefs(dataset, context.signal);
  const commit = refs.kind === 'seen' ? refs.value.tags.get(tag) : undefined;
  if (commit === undefined) return null;
  const ours = await context.mirror.readTree(dataset, commit, context.signal);
  const theirs = await second.readFiles(dataset, tag, context.signal);
  if (ours.kind !== 'seen' || theirs.kind === 'failed') {
    const detail = theirs.kind === 'failed' ? theirs.detail : ours.kind;
    context.log('warn', 'not read twice', { dataset, tag, detail });
    return null;
  }
  const lines = Array.from(ours.value, ({ mode, oid, path }) =>
    fileLine(mode, oid, fromBinary(path)),
  );
  const same = new Set(lines).symmetricDifference(new Set(theirs.value)).size === 0;
  return same ? '' : `the two readers of git see other files in ${tag}`;
}
