// How far a run is: a bar a stage on a terminal, elsewhere a line every few seconds.

import { MultiBar, type SingleBar } from 'cli-progress';
import { number } from '../../core/model/format.ts';
import type { Progress, Stage } from '../../core/stages/context.ts';
import type { Console } from './console.ts';
import { duration } from './words.ts';

interface Counter {
  total: number;
  done: number;
  failed: number;
  /** Milliseconds since the epoch. */
  readonly began: number;
}

/** Without a terminal: often enough to see life, seldom enough for the log of a night. */
const LINE_EVERY_MS = 5000;

export type RunProgress = Progress & { close(): void };

/** `412/1,834 (22%), 9.8 a second, about 2 min 25 s left, 3 not measured` */
export function describe({ total, done, failed, began }: Counter, now: number): string {
  const share = total > 0 ? `/${number(total)} (${Math.floor((100 * done) / total)}%)` : '';
  const parts = [`${number(done)}${share}`, ...pace({ total, done, began }, now)];
  if (failed > 0) parts.push(`${number(failed)} not measured`);
  return parts.join(', ');
}

function pace({ total, done, began }: Omit<Counter, 'failed'>, now: number): string[] {
  const seconds = (now - began) / 1000;
  if (done === 0 || seconds < 1) return [];
  const rate = done / seconds;
  const text = [`${rate.toFixed(rate < 10 ? 1 : 0)} a second`];
  if (total > done) text.push(`about ${duration(((total - done) / rate) * 1000)} left`);
  return text;
}

/** `1,834 in 3 min 8 s, 2 not measured` */
function ended({ done, failed }: Counter, milliseconds: number): string {
  const missed = failed > 0 ? `, ${number(failed)} not measured` : '';
  return `${number(done)} in ${duration(milliseconds)}${missed}`;
}

export interface ProgressOptions {
  readonly console: Console;
  /** Draw bars on this stream; null writes lines. */
  readonly bars: NodeJS.WritableStream | null;
  readonly now?: () => number;
}

export function createProgress(options: ProgressOptions): RunProgress {
  const { console, bars, now = Date.now } = options;
  const counters = new Map<Stage, Counter>();
  let open = true;
  const view = bars ? barView(console, bars, now) : lineView(console, counters, now);
  return {
    start(stage, total) {
      const counter = { total, done: 0, failed: 0, began: now() };
      counters.set(stage, counter);
      view.start(stage, counter);
    },
    step(stage, _dataset, ok) {
      const counter = counters.get(stage);
      if (!counter) return;
      counter.done += 1;
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

function lineView(console: Console, running: ReadonlyMap<Stage, Counter>, now: () => number): View {
  const timer = setInterval(() => {
    for (const [stage, counter] of running) {
      const { total, done, failed } = counter;
      const facts = { stage, total, done, failed };
      console.say(`${stage}: ${describe(counter, now())}`, 'progress', facts);
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

function barView(console: Console, stream: NodeJS.WritableStream, now: () => number): View {
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
    // A log line pushes the bars down: those that stand still must be drawn anew as well.
    forceRedraw: true,
    emptyOnZero: true,
  });
  // However the process ends, the terminal gets its cursor back.
  const restore = () => multi.stop();
  process.once('exit', restore);
  const lineBefore = console.line;
  console.line = (text) => multi.log(`${text}\n`);
  const payload = (stage: Stage, counter: Counter) => ({
    stage: stage.padEnd(16),
    text: describe(counter, now()),
  });
  return {
    start(stage, counter) {
      bars.set(stage, multi.create(counter.total, 0, payload(stage, counter)));
    },
    step(stage, counter) {
      bars.get(stage)?.update(counter.done, payload(stage, counter));
    },
    end(stage, counter) {
      // A stage whose size was not known beforehand ends full.
      const bar = bars.get(stage);
      bar?.setTotal(Math.max(counter.total, counter.done, 1));
      bar?.update(counter.total === 0 ? Math.max(counter.done, 1) : counter.done, {
        stage: stage.padEnd(16),
        text: ended(counter, now() - counter.began),
      });
    },
    close() {
      process.off('exit', restore);
      restore();
      console.line = lineBefore;
    },
  };
}
