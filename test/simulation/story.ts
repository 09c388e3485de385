// What happens in a simulation, day by day: made from a seed, and plain data, so that it can be
// kept, replayed and shrunk.

import { FAILURE_REASONS } from '../../core/failure.ts';
import { BREAK_NAMES, type BreakName } from './breaks.ts';
import { type Random, randomOf } from './random.ts';
import { type Fault, type How, QUESTIONS, type Question } from './sources.ts';
import type { WorldEvent } from './world.ts';

/** How a run is disturbed. Places are counted in write operations of its store. */
export type Trouble =
  /** The process dies: what it wrote stays. */
  | { readonly kind: 'killed'; readonly write: number }
  /** The machine dies: names that were not synced may be lost. On AWS the same as `killed`. */
  | { readonly kind: 'power-cut'; readonly write: number }
  /** One function of a run on AWS dies and the state machine goes on; in a folder, as `killed`. */
  | { readonly kind: 'function-died'; readonly write: number }
  /** The operator stops it at its n-th request; on AWS a function times out. */
  | { readonly kind: 'interrupted'; readonly question: number }
  /**
   * A second run begins while this one writes and finishes first, `later` minutes after. A folder
   * is locked, and so is the table unless the first run's time is up; then the archive has changed.
   */
  | {
      readonly kind: 'overtaken';
      readonly write: number;
      readonly later: number;
      readonly events: readonly WorldEvent[];
    }
  /** Each function that asks for its copies dies; in a folder, the process. */
  | { readonly kind: 'poison'; readonly dataset: string }
  /** A function's answer is lost: the function is retried, and the first one resumes at the end. */
  | { readonly kind: 'given-up'; readonly write: number };

export interface Step {
  /** Identifies the step permanently, even after others were removed from the story. */
  readonly id: number;
  readonly day: number;
  /** Hours after midnight. */
  readonly hour: number;
  readonly events: readonly WorldEvent[];
  readonly faults: readonly Fault[];
  readonly troubles: readonly Trouble[];
  /** Minutes by which this machine's clock is ahead of the world's. */
  readonly clock: number;
  /** Minutes by which the clock jumps in the middle of the run. */
  readonly jump: number;
  /** The operator looked at what was held and accepted it. */
  readonly accept: boolean;
  readonly force: boolean;
}

export interface Story {
  readonly seed: number;
  readonly store: 'folder' | 'aws';
  readonly cloud: { readonly staleReads: boolean; readonly otherEtags: boolean };
  readonly steps: readonly Step[];
}

const HOUR_OF_RUN = 3;
/** After the last day of the story everything must be the truth again. */
export const CLEAN_DAYS = 2;
/** The maximum number of datasets at the end. Most of what can go wrong takes two. */
const MOST_DATASETS = [1, 1, 1, 2, 2, 2, 2, 2, 2, 5] as const;
const DATASETS_AT_FIRST = 2;
/** A seed on AWS takes twice as long as one in a folder. */
const AWS_EVERY = 5;

/** No source says that its question killed the function. */
export const REASONS = FAILURE_REASONS.filter((reason) => reason !== 'killed');
const HOW_OF: Readonly<Record<string, readonly How[]>> = {
  refs: [...REASONS, 'thrown', 'refused'],
  listing: [...REASONS, 'refused', 'cut', 'no-end', 'no-bucket'],
};
/** How a question may fail. */
export const howOf = (question: Question): readonly How[] => HOW_OF[question] ?? REASONS;
export const ENTRIES = [
  ...(['hidden', 'shifted', 'unlisted', 'broken'] as const),
  ...(['nameless', 'emptied', 'doubtful'] as const),
] as const;

/** How wild a story is: each differs, so that rare events also occur on calm days. */
interface Taste {
  readonly store: Story['store'];
  readonly datasets: number;
  /** Share of the days without a run. What happened on them is found by the next one. */
  readonly missed: number;
  readonly events: number;
  readonly faults: number;
  readonly registryFaults: number;
  readonly troubles: number;
  readonly clocks: number;
  readonly accept: number;
  readonly breaks: readonly BreakName[];
}

function tasteOf(random: Random, store: Story['store']): Taste {
  const level = () => random.pick([0, 0.1, 0.3, 0.6]);
  const few = random.chance(0.5);
  return {
    store,
    datasets: random.pick(MOST_DATASETS),
    missed: random.pick([0, 0.6, 0.8]),
    events: random.pick([0.3, 0.7, 0.9]),
    faults: level(),
    registryFaults: random.pick([0, 0, 0.1, 0.3]),
    troubles: level(),
    clocks: random.pick([0, 0, 0.1, 0.3]),
    accept: random.pick([0.3, 0.7, 0.95]),
    breaks: few ? Array.from({ length: 4 }, () => random.pick(BREAK_NAMES)) : BREAK_NAMES,
  };
}

/** @param days clean days at the end included */
export function storyOf(seed: number, days: number, store?: Story['store']): Story {
  const random = randomOf(`story ${seed}`);
  const place = store ?? (seed % AWS_EVERY === AWS_EVERY - 1 ? 'aws' : 'folder');
  const taste = tasteOf(random, place);
  const ids: string[] = [];
  const steps: Step[] = [];
  const poison = randomOf(`poison ${seed}`);
  /** Of days without a run. */
  const waiting: WorldEvent[] = [];
  for (let day = 0; day < days; day += 1) {
    const isClean = day >= days - CLEAN_DAYS;
    if (!isClean && day > 0 && random.chance(taste.missed)) {
      waiting.push(...eventsOf(random, taste, ids));
      continue;
    }
    const hours = [HOUR_OF_RUN + random.int(3)];
    if (!isClean && random.chance(0.1)) hours.push(HOUR_OF_RUN + 8 + random.int(8));
    for (const hour of hours) {
      const first = steps.length === 0;
      const id = steps.length;
      const base = { id, day, hour, jump: 0, clock: 0, force: false };
      const events = waiting.splice(0);
      if (isClean) {
        steps.push({ ...base, events, faults: [], troubles: [], accept: true });
        continue;
      }
      events.push(...(first ? beginning(random, taste, ids) : eventsOf(random, taste, ids)));
      const hasClock = !first && random.chance(taste.clocks);
      steps.push({
        ...base,
        events,
        faults: faultsOf(random, taste, ids, first),
        troubles: [...troublesOf(random, taste, ids), ...poisonOf(poison, ids)],
        clock: hasClock ? minutesOf(random) : 0,
        jump: hasClock && random.chance(0.3) ? minutesOf(random) : 0,
        accept: first || random.chance(taste.accept),
        force: random.chance(0.05),
      });
    }
  }
  const cloud = { staleReads: random.chance(0.5), otherEtags: random.chance(0.3) };
  return { seed, store: place, cloud, steps };
}

const idOfDataset = (nth: number) => `ds${String(nth + 1).padStart(6, '0')}`;

function beginning(random: Random, taste: Taste, ids: string[]): WorldEvent[] {
  const length = Math.min(DATASETS_AT_FIRST, taste.datasets);
  return Array.from({ length }, (_, nth) => {
    const id = idOfDataset(nth);
    ids.push(id);
    return { kind: 'appear', id, snapshots: 1 + random.int(3), isNew: false };
  });
}

function eventsOf(random: Random, taste: Taste, ids: string[]): WorldEvent[] {
  const events: WorldEvent[] = [];
  while (random.chance(taste.events) && events.length < 4) {
    const kind = random.pick(KINDS);
    const id = random.pick(ids);
    switch (kind) {
      case 'appear': {
        if (ids.length >= taste.datasets) break;
        const added = idOfDataset(ids.length);
        ids.push(added);
        events.push({ kind, id: added, snapshots: 1 + random.int(2), isNew: true });
        if (random.chance(0.5))
          events.push({ kind: 'break', id: added, by: random.pick(BREAK_NAMES) });
        break;
      }
      case 'break':
        events.push({ kind, id, by: random.pick(taste.breaks) });
        break;
      case 'withdraw':
        events.push({ kind, id, state: random.pick(['deleted', 'not-public'] as const) });
        break;
      default:
        events.push({ kind, id });
    }
  }
  return events;
}

export const KINDS = [
  ...(['appear', 'snapshot', 'break', 'break', 'break', 'break'] as const),
  ...(['heal', 'heal', 'withdraw', 'return'] as const),
] as const;

function faultsOf(random: Random, taste: Taste, ids: readonly string[], first: boolean): Fault[] {
  const faults: Fault[] = [];
  while (random.chance(taste.faults) && faults.length < 4) {
    const question = random.pick(QUESTIONS);
    const how = random.pick(howOf(question));
    // A mirror that alone is refused is closed, which is no fault.
    const isHost = (question === 'refs' && how === 'refused') || random.chance(0.25);
    faults.push({ kind: 'question', question, dataset: isHost ? null : random.pick(ids), how });
  }
  // A first run without a registry does nothing at all.
  if (first) return faults;
  while (random.chance(taste.registryFaults) && faults.length < 6) {
    const kind = random.pick([
      'registry',
      'asking',
      'entry',
      'entry',
      'entry',
      'uncounted',
    ] as const);
    const how = random.pick(REASONS);
    if (kind === 'registry') faults.push({ kind, how, page: random.int(3) });
    else if (kind === 'asking') faults.push({ kind, how });
    else if (kind === 'uncounted') faults.push({ kind });
    else faults.push({ kind, dataset: random.pick(ids), how: random.pick(ENTRIES) });
  }
  return faults;
}

/** Half of all runs write, or ask, more often than the number in the middle. */
const WRITES = { folder: [60, 120, 240], aws: [35, 70, 140] } as const;
const ASKED = [8, 16, 32] as const;

/** Usually one: a story that begins with two rarely does more than each alone. */
function troublesOf(random: Random, taste: Taste, ids: readonly string[]): Trouble[] {
  if (!random.chance(taste.troubles)) return [];
  const troubles = [troubleOf(random, taste, ids)];
  if (random.chance(0.2)) troubles.push(troubleOf(random, taste, ids));
  return troubles;
}

/** Of numbers of its own. */
const poisonOf = (random: Random, ids: readonly string[]): Trouble[] =>
  random.chance(0.02) ? [{ kind: 'poison', dataset: random.pick(ids) }] : [];

function troubleOf(random: Random, { store }: Taste, ids: readonly string[]): Trouble {
  const write = 1 + random.int(random.pick(WRITES[store]));
  const kind = random.pick<(typeof TROUBLES)[number]>(TROUBLES_OF[store]);
  switch (kind) {
    case 'interrupted':
      return { kind, question: 1 + random.int(random.pick(ASKED)) };
    case 'overtaken': {
      const events = ids.map((id): WorldEvent => {
        if (random.chance(0.3)) return { kind: 'heal', id };
        return { kind: 'break', id, by: random.pick(BREAK_NAMES) };
      });
      return { kind, write, later: random.pick([0, 1, 31, 31, 31, 60]), events };
    }
    default:
      return { kind, write };
  }
}

export const TROUBLES = [
  ...(['killed', 'power-cut', 'function-died'] as const),
  ...(['interrupted', 'overtaken', 'given-up'] as const),
] as const;
/** Only on AWS do two runs, or two functions, write at once. */
const RACES = ['overtaken', 'overtaken', 'overtaken', 'given-up'] as const;
const TROUBLES_OF = { folder: TROUBLES, aws: [...TROUBLES, ...RACES] } as const;

function minutesOf(random: Random): number {
  const minutes = random.pick([1, 4, 10, 90, 60 * 24 + 30, 60 * 24 * 3]);
  return random.chance(0.5) ? minutes : -minutes;
}

/** Nothing is at fault in the step but the archive itself. */
export const isCalm = ({ faults, troubles, clock, jump }: Step): boolean =>
  faults.length === 0 && troubles.length === 0 && clock === 0 && jump === 0;
