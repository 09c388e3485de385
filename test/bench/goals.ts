// The goals and the results: ratios to the baseline of the same variant in the same bench run;
// sizes and times as they are.

import type { Measurement } from './measure.ts';
import type { CaseResult, Results, Series } from './results.ts';
import { spread } from './spread.ts';

export interface Reached {
  readonly case: string;
  readonly goal: string;
  readonly reached: string;
  readonly met: boolean;
}

type Value = (run: Measurement) => number;
const CPU: Value = ({ cpu }) => cpu;
const WALL: Value = ({ wall }) => wall;
const RSS: Value = ({ rss }) => rss / 1e6;

/** The goal of one case; null if it was not measured. */
type Judge = (result: CaseResult) => Omit<Reached, 'case'> | null;

function find({ series }: CaseResult, variant: string, subject: string): Series | undefined {
  return series.find((one) => one.variant === variant && one.subject === subject);
}

function median(series: Series, value: Value): number {
  return spread(series.runs.map(value)).median;
}

interface Share {
  readonly what: string;
  readonly variant: string;
  readonly value: Value;
}
const CPU_SHARE: Share = { what: 'CPU', variant: '0 ms', value: CPU };
const WALL_SHARE: Share = { what: 'wall', variant: '40 ms', value: WALL };

/** The baseline takes so many times as much. */
function atMostOneOf(times: number, { what, variant, value }: Share, subject: string): Judge {
  return (result) => {
    const [ours, theirs] = [subject, 'baseline'].map((one) => find(result, variant, one));
    if (!ours || !theirs) return null;
    const ratio = median(theirs, value) / median(ours, value);
    return {
      goal: `${subject}: ${what} at ${variant} ≤ 1/${times} of the baseline`,
      reached: `1/${ratio.toFixed(1)}`,
      met: ratio >= times,
    };
  };
}

interface Limit {
  readonly what: string;
  readonly unit: string;
  readonly value: Value;
  readonly subject: string;
  readonly variant?: string;
}

function atMost(most: number, { what, unit, value, subject, variant = '0 ms' }: Limit): Judge {
  return (result) => {
    const series = find(result, variant, subject);
    if (!series) return null;
    const reached = median(series, value);
    return {
      goal: `${subject}: ${what} ≤ ${most} ${unit}`,
      reached: `${reached.toFixed(unit === 's' ? 1 : 0)} ${unit}`,
      met: reached <= most,
    };
  };
}

const peak = (subject: string, variant?: string): Limit => ({
  what: 'peak memory',
  unit: 'MB',
  value: RSS,
  subject,
  ...(variant !== undefined && { variant }),
});
const time = (subject: string): Limit => ({ what: 'wall', unit: 's', value: WALL, subject });

/**
 * The goal of a case compared with the baseline, which always starts from nothing: for the run that
 * does so too, and for the next one, which is the daily run.
 */
const beside = (goals: { cpu: number; wall: number; peak: number }): Judge[] =>
  ['cold', 'warm'].flatMap((subject) => [
    atMostOneOf(goals.cpu, CPU_SHARE, subject),
    atMostOneOf(goals.wall, WALL_SHARE, subject),
    atMost(goals.peak, peak(subject, '40 ms')),
  ]);

const GOALS: readonly (readonly [name: string, judges: readonly Judge[]])[] = [
  ['400k-files', beside({ cpu: 6, wall: 10, peak: 256 })],
  ['50k-files', beside({ cpu: 4, wall: 5, peak: 160 })],
  ['200-small', beside({ cpu: 10, wall: 6, peak: 200 })],
  ['1000-datasets', [atMost(300, peak('cold')), atMost(300, peak('warm'))]],
  ['replayed', [atMost(60, time('warm')), atMost(400, peak('warm'))]],
  ['many-100k', [atMost(20, time('summarize')), atMost(600, peak('summarize'))]],
];

/** Every goal that the results can decide. */
export function judge(results: Results): Reached[] {
  const single = GOALS.flatMap(([name, judges]) => {
    const result = results.cases.find((one) => one.name === name);
    if (!result) return [];
    return judges.flatMap((ask) => {
      const reached = ask(result);
      return reached ? [{ case: name, ...reached }] : [];
    });
  });
  return [...single, ...linear(results), ...requests(results)];
}

/** How much more one more dataset may cost among 100,000 than among 10,000. */
const STILL_LINEAR = 1.25;

/** The cost of one more dataset, between 1,000 and each of the larger ones. */
function linear(results: Results): Reached[] {
  const [small, middle, large] = ['many-1k', 'many-10k', 'many-100k'].map((name) => {
    const result = results.cases.find((one) => one.name === name);
    return result && find(result, '0 ms', 'summarize');
  });
  if (!small || !middle || !large) return [];
  const more = (series: Series) =>
    (median(series, CPU) - median(small, CPU)) / (series.datasets - small.datasets);
  const ratio = more(large) / more(middle);
  return [
    {
      case: 'many-100k',
      goal: 'summarize: linear in datasets (CPU of one more, beside that at 10,000)',
      reached: `${ratio.toFixed(2)} ×`,
      met: ratio <= STILL_LINEAR,
    },
  ];
}

interface RequestGoal {
  readonly goal: string;
  readonly kind: keyof Measurement['traffic'];
  readonly subjects: readonly string[];
  allowed(series: Series): number;
}

/** With contents a run also lists the bucket's folders, and reads more than one tree. */
const NAME_RUNS = ['cold', 'warm'];
const OUR_RUNS = [...NAME_RUNS, 'cold, contents', 'warm, contents'];
const REQUEST_GOALS: readonly RequestGoal[] = [
  {
    goal: 'refs: 1 request a dataset',
    kind: 'refs',
    subjects: OUR_RUNS,
    allowed: ({ datasets }) => datasets,
  },
  {
    goal: 'listing: ≤ pages + 1 %',
    kind: 'listing',
    subjects: NAME_RUNS,
    allowed: ({ facts }) => Math.ceil((facts.pages ?? 0) * 1.01),
  },
  {
    goal: 'registry: ≤ ⌈n/100⌉ + 1',
    kind: 'registry',
    subjects: [...OUR_RUNS, 'fetch-registry'],
    allowed: ({ datasets }) => Math.ceil(datasets / 100) + 1,
  },
  {
    goal: 'tree: 1 request a dataset',
    kind: 'tree',
    subjects: ['cold'],
    allowed: ({ datasets }) => datasets,
  },
  {
    goal: 'tree: none when unchanged',
    kind: 'tree',
    subjects: ['warm', 'warm, contents'],
    allowed: () => 0,
  },
];

/** Over all cases: the highest of any run and its limit, for the case closest to it or over. */
function requests({ cases }: Results): Reached[] {
  return REQUEST_GOALS.flatMap(({ goal, kind, subjects, allowed }) => {
    const counted = cases.flatMap(({ series }) =>
      series
        .filter(({ subject }) => subjects.includes(subject))
        .map((one) => ({
          name: one.case,
          allowed: allowed(one),
          asked: Math.max(...one.runs.map(({ traffic }) => traffic[kind]?.requests ?? 0)),
        })),
    );
    if (counted.length === 0) return [];
    const excess = ({ asked, allowed }: (typeof counted)[number]) =>
      (asked - allowed) / (allowed || 1);
    const worst = counted.reduce((one, other) => (excess(other) > excess(one) ? other : one));
    return [
      {
        case: 'all',
        goal,
        reached: `${worst.asked} of ${worst.allowed} (${worst.name})`,
        met: worst.asked <= worst.allowed,
      },
    ];
  });
}
