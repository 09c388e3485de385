// What a case gets, and how its programs alternate.

import { rmSync } from 'node:fs';
import { type Measurement, measure, type Program, type Surroundings } from './measure.ts';
import type { Series } from './results.ts';

export interface Settings {
  /** Tiny sizes and one run: only to see that it works and the results agree. */
  readonly quick: boolean;
  /** Runs of each program; null for five, or three if one takes long. */
  readonly runs: number | null;
}

export interface Bench extends Settings {
  /** For everything that a case writes; emptied afterwards. */
  readonly folder: string;
  say(text: string): void;
}

export interface Case {
  readonly name: string;
  readonly title: string;
  run(bench: Bench): Promise<{ series: readonly Series[]; skipped: readonly string[] }>;
}

/** One of several programs that are measured in turns. */
export interface Contender {
  readonly subject: string;
  /** A new one for each run. */
  program(run: number): Program;
  /** Checks the output of a run, outside of the measured time. @throws if it is wrong. */
  check(run: number, stdout: string): void;
  /** Sizes and similar figures of the last run's output. */
  facts?(): Readonly<Record<string, number>>;
  /** Fewer than the others, if one takes very long. */
  readonly mostRuns?: number;
}

const RUNS = 5;
const LONG_RUNS = 3;

/**
 * A B A B …: a temporary disturbance of the machine affects all alike.
 * @param long whether a run takes more than about ten seconds
 */
export async function inTurns(
  bench: Bench,
  surroundings: Surroundings,
  condition: Pick<Series, 'case' | 'variant' | 'datasets'>,
  contenders: readonly Contender[],
  long: boolean,
): Promise<Series[]> {
  const runs = bench.quick ? 1 : (bench.runs ?? (long ? LONG_RUNS : RUNS));
  const measured = contenders.map((): Measurement[] => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [place, contender] of contenders.entries()) {
      if (run >= (contender.mostRuns ?? runs)) continue;
      const { measurement, stdout } = await measure(contender.program(run), surroundings);
      contender.check(run, stdout);
      measured[place]?.push(measurement);
      bench.say(
        `  ${condition.variant}, ${contender.subject} ${run + 1}/${runs}: ${inWords(measurement)}`,
      );
    }
  }
  return contenders.map((contender, place) => ({
    ...condition,
    subject: contender.subject,
    runs: measured[place] ?? [],
    facts: contender.facts?.() ?? {},
  }));
}

function inWords({ wall, cpu, rss }: Measurement): string {
  return `${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s, ${Math.round(rss / 1e6)} MB`;
}

export function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
