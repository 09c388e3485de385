// Progress of a run: a bar per stage on a terminal, otherwise a line every few seconds.

import { MultiBar, type SingleBar } from 'cli-progress';
import { number } from '../../core/documents/format.ts';
import type { Waiting } from '../../core/http.ts';
import type { Progress, Stage } from '../../core/monitor/context.ts';
import type { Console } from './console.ts';
import { duration, plain } from './format.ts';

interface Counter {
  total: number;
  done: number;
  failed: number;
  /** Milliseconds since the epoch. */
  readonly began: number;
  /** When the last dataset was finished; likewise. */
  last: number;
}

/** Without a terminal: frequent enough to show progress, rare enough for a log file. */
const LINE_EVERY_MS = 5000;

/** After so many milliseconds without a finished dataset, the line says what the run waits for. */
const QUIET_MS = 5000;

export type RunProgress = Progress & { close(): void };

/** `412/1,834 (22%), 9.8 a second, about 2 min 25 s left, 3 not measured` */
export function describe({ total, done, failed, began }: Counted, now: number): string {
  const share = total > 0 ? `/${number(total)} (${Math.floor((100 * done) / total)}%)` : '';
  const parts = [`${number(done)}${share}`, ...pace({ total, done, began }, now)];
  if (failed > 0) parts.push(`${number(failed)} not measured`);
  return parts.join(', ');
}

/**
 * `waiting for s3.amazonaws.com: ds000123 (12 s)`; empty while datasets finish, or if nothing is
 * requested.
 */
export function waitsFor(
  stage: Stage,
  { last }: Pick<Counter, 'last'>,
  waiting: readonly Waiting[],
  now: number,
  /** Kind of a request → the stage that makes it. */
  askedBy: ReadonlyMap<string, Stage>,
): string {
  if (now - last < QUIET_MS) return '';
  const [longest, ...others] = waiting.filter(({ kind }) => askedBy.get(kind) === stage);
  if (!longest) return '';
  const { host, about, since, paused } = longest;
  const what = [
    `waiting for ${plain(host)}`,
    ...(paused ? [', which asks to be left alone'] : []),
    ...(about === null ? [] : [`: ${plain(about)}`]),
  ].join('');
  const more = others.length > 0 ? ` and ${number(others.length)} more` : '';
  return `${what} (${duration(Math.max(0, now - since))})${more}`;
}

type Counted = Omit<Counter, 'last'>;

function pace({ total, done, began }: Omit<Counted, 'failed'>, now: number): string[] {
  const seconds = (now - began) / 1000;
  if (done === 0 || seconds < 1) return [];
  const rate = done / seconds;
  const text = [`${rate.toFixed(rate < 10 ? 1 : 0)} a second`];
  if (total > done) text.push(`about ${duration(((total - done) / rate) * 1000)} left`);
  return text;
}

/** `1,834 in 3 min 8 s, 2 not measured` */
function ended({ done, failed }: Counted, milliseconds: number): string {
  const missed = failed > 0 ? `, ${number(failed)} not measured` : '';
  return `${number(done)} in ${duration(milliseconds)}${missed}`;
}

export interface ProgressOptions {
  readonly console: Console;
  /** Draw bars on this stream; null writes lines. */
  readonly bars: NodeJS.WritableStream | null;
  /** Pending requests, the longest first. */
  readonly waiting?: () => readonly Waiting[];
  /** Kind of a request → the stage that makes it. */
  readonly askedBy?: ReadonlyMap<string, Stage>;
  readonly now?: () => number;
}

export function createProgress(options: ProgressOptions): RunProgress {
  const { console, bars, waiting = () => [], askedBy = new Map(), now = Date.now } = options;
  const counters = new Map<Stage, Counter>();
  let open = true;
  const tell = (stage: Stage, counter: Counter): Told => {
    const waits = waitsFor(stage, counter, waiting(), now(), askedBy);
    const text = describe(counter, now());
    return waits === '' ? { text } : { text: `${text}, ${waits}`, waits };
  };
  const view = bars
    ? barView(console, bars, counters, { now, tell })
    : lineView(console, counters, { now, tell });
  return {
    start(stage, total) {
      const counter = { total, done: 0, failed: 0, began: now(), last: now() };
      counters.set(stage, counter);
      view.start(stage, counter);
    },
    step(stage, _dataset, ok) {
      const counter = counters.get(stage);
      if (!counter) return;
      counter.done += 1;
      counter.last = now();
      if (!ok) counter.failed += 1;
      view.step(stage, counter);
    },
    end(stage) {
      const counter = counters.get(stage);
      if (!counter) return;
      counters.delete(stage);
      view.end(stage, counter);
    },
    close() {
      if (open) view.close();
      open = false;
    },
  };
}

interface View {
  start(stage: Stage, counter: Counter): void;
  step(stage: Stage, counter: Counter): void;
  end(stage: Stage, counter: Counter): void;
  close(): void;
}

interface Told {
  readonly text: string;
  /** The pending requests, which are also in the text. */
  readonly waits?: string;
}
interface Telling {
  readonly now: () => number;
  readonly tell: (stage: Stage, counter: Counter) => Told;
}

function lineView(
  console: Console,
  running: ReadonlyMap<Stage, Counter>,
  { now, tell }: Telling,
): View {
  const timer = setInterval(() => {
    for (const [stage, counter] of running) {
      const { total, done, failed } = counter;
      const { text, waits } = tell(stage, counter);
      console.say(`${stage}: ${text}`, 'progress', { stage, total, done, failed, waits });
    }
  }, LINE_EVERY_MS);
  timer.unref();
  return {
    start: () => {},
    step: () => {},
    end(stage, counter) {
      const { done, failed } = counter;
      const milliseconds = now() - counter.began;
      const facts = { stage, done, failed, milliseconds };
      console.say(`${stage}: ${ended(counter, milliseconds)}`, 'stage ended', facts);
    },
    close: () => clearInterval(timer),
  };
}

function barView(
  console: Console,
  stream: NodeJS.WritableStream,
  running: ReadonlyMap<Stage, Counter>,
  { now, tell }: Telling,
): View {
  const bars = new Map<Stage, SingleBar>();
  const multi = new MultiBar({
    stream,
    format: '{stage} {bar} {text}',
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: false,
    fps: 5,
    // A log line moves the bars down, so unchanged bars must be redrawn too.
    forceRedraw: true,
    emptyOnZero: true,
  });
  // The terminal gets its cursor back, however the process ends.
  const restore = () => multi.stop();
  process.once('exit', restore);
  const lineBefore = console.line;
  console.line = (text) => multi.log(`${text}\n`);
  const payload = (stage: Stage, counter: Counter) => ({
    stage: stage.padEnd(16),
    text: tell(stage, counter).text,
  });
  const timer = setInterval(() => {
    for (const [stage, counter] of running) {
      bars.get(stage)?.update(counter.done, payload(stage, counter));
    }
  }, 1000);
  timer.unref();
  return {
    start(stage, counter) {
      bars.set(stage, multi.create(counter.total, 0, payload(stage, counter)));
    },
    step(stage, counter) {
      bars.get(stage)?.update(counter.done, payload(stage, counter));
    },
    end(stage, counter) {
      // A stage with an unknown size ends full.
      const bar = bars.get(stage);
      bar?.setTotal(Math.max(counter.total, counter.done, 1));
      bar?.update(counter.total === 0 ? Math.max(counter.done, 1) : counter.done, {
        stage: stage.padEnd(16),
        text: ended(counter, now() - counter.began),
      });
    },
    close() {
      clearInterval(timer);
      process.off('exit', restore);
      restore();
      console.line = lineBefore;
    },
  };
}
