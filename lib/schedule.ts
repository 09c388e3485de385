// How often a schedule fires: EventBridge Scheduler's expressions (User Guide, "Schedule types"),
// read as strictly as AWS reads them, so that a wrong one fails before the deployment.

import { wrong } from './context.ts';

export interface Frequency {
  /** Hours between two firings, at their closest and at their farthest. */
  readonly shortestHours: number;
  readonly longestHours: number;
}

/** The message is a sentence without a subject: `has 5 fields; cron(…) takes 6`. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

const HOUR = 60;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { minute: 1, hour: HOUR, day: DAY };

/**
 * @param expression `cron(0 6 * * ? *)` in UTC, or `rate(6 hours)`
 * @throws ScheduleError when AWS would refuse it, when it never fires, or when it ends
 */
export function frequencyOf(expression: string): Frequency {
  const [, kind, inside = ''] = /^(cron|rate)\((.+)\)$/.exec(expression) ?? [];
  if (kind === undefined) throw new ScheduleError('is neither cron(…) nor rate(…)');
  const { shortest, longest } = kind === 'rate' ? ofRate(inside) : ofCron(inside);
  return { shortestHours: shortest / HOUR, longestHours: longest / HOUR };
}

/** In minutes. */
interface Gaps {
  readonly shortest: number;
  readonly longest: number;
}

function ofRate(inside: string): Gaps {
  const [, digits = '', unit = '', plural] =
    /^([1-9]\d{0,5}) (minute|hour|day)(s?)$/.exec(inside) ?? [];
  const count = Number(digits);
  if (digits === '' || (count === 1) !== (plural === '')) {
    throw new ScheduleError(
      'takes a number and minutes, hours or days: rate(1 hour), rate(6 hours)',
    );
  }
  const minutes = count * (UNITS[unit] as number);
  return { shortest: minutes, longest: minutes };
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of its values, beginning with the least. */
  readonly names?: readonly string[];
}

const FIELDS = {
  minute: { name: 'minute', least: 0, most: 59 },
  hour: { name: 'hour', least: 0, most: 23 },
  dayOfMonth: { name: 'day of the month', least: 1, most: 31 },
  month: {
    name: 'month',
    least: 1,
    most: 12,
    names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
  },
  dayOfWeek: {
    name: 'day of the week',
    least: 1,
    most: 7,
    names: 'SUN MON TUE WED THU FRI SAT'.split(' '),
  },
} as const satisfies Record<string, Field>;

function ofCron(inside: string): Gaps {
  const fields = inside.split(' ');
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields as [string, ...string[]] & {
    length: 6;
  };
  if (fields.length !== 6) {
    throw new ScheduleError(`has ${fields.length} fields; cron(…) takes 6, like cron(0 6 * * ? *)`);
  }
  if (year !== '*') throw new ScheduleError('must have * for the year, or it would end');
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleError('must have ? for the day of the month or for the day of the week');
  }
  const minutes = valuesOf(minute, FIELDS.minute);
  const times = valuesOf(hour as string, FIELDS.hour).flatMap((h) =>
    minutes.map((m) => h * HOUR + m),
  );
  const months = new Set(valuesOf(month as string, FIELDS.month));
  const isDay =
    dayOfMonth === '?' ? daysOfWeek(dayOfWeek as string) : daysOfMonth(dayOfMonth as string);
  return gapsOf(daysOf(months, isDay), times);
}

/** `5`, `MON`, `*`, `1-5`, `1,15`, `0/10`, sorted. */
function valuesOf(text: string, field: Field): number[] {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, from = '', to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const first = from === '*' ? field.least : oneValue(from, field);
    // A step goes on to the greatest value.
    const isOpen = to === undefined && (from === '*' || step !== undefined);
    const last = isOpen ? field.most : oneValue(to ?? from, field);
    const by = Number(step ?? 1);
    const isValid = first <= last && by >= 1 && (from !== '*' || to === undefined);
    if (!isValid) throw cannotBe(field, text);
    for (let value = first; value <= last; value += by) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

/** NaN, which no comparison accepts, for a value that the field does not have. */
function oneValue(text: string, { least, most, names }: Field): number {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return least + named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : Number.NaN;
}

interface Day {
  readonly date: number;
  /** Of the month. */
  readonly lastDate: number;
  /** 1 is Sunday. */
  readonly weekday: number;
}
type IsDay = (day: Day) => boolean;

function daysOfMonth(text: string): IsDay {
  if (text === 'L') return ({ date, lastDate }) => date === lastDate;
  const nearest = /^(\d+)W$/.exec(text)?.[1];
  if (nearest !== undefined) {
    const [target = 0] = valuesOf(nearest, FIELDS.dayOfMonth);
    return (day) => day.date === nearestWorkday(target, day);
  }
  const dates = new Set(valuesOf(text, FIELDS.dayOfMonth));
  return ({ date }) => dates.has(date);
}

/** The Monday to Friday of this month that is nearest to a date; null if it has no such date. */
function nearestWorkday(target: number, { date, lastDate, weekday }: Day): number | null {
  if (target > lastDate) return null;
  const onTarget = ((((weekday - 1 + target - date) % 7) + 7) % 7) + 1;
  if (onTarget === 7) return target === 1 ? 3 : target - 1;
  if (onTarget === 1) return target === lastDate ? target - 2 : target + 1;
  return target;
}

function daysOfWeek(text: string): IsDay {
  // The last day of the week.
  if (text === 'L') return ({ weekday }) => weekday === 7;
  const [, of = '', last, nth] = /^(\w+?)(?:(L)|#([1-5]))$/.exec(text) ?? [];
  if (of !== '') {
    const [target] = valuesOf(of, FIELDS.dayOfWeek);
    return ({ date, lastDate, weekday }) =>
      weekday === target && (last ? date + 7 > lastDate : Math.ceil(date / 7) === Number(nth));
  }
  const days = new Set(valuesOf(text, FIELDS.dayOfWeek));
  return ({ weekday }) => days.has(weekday);
}

/** Numbers of the matching days of two centuries, with the leap day that 2100 does not have. */
function daysOf(months: ReadonlySet<number>, isDay: IsDay): number[] {
  const found: number[] = [];
  const end = Date.UTC(2200, 0, 1) / MILLISECONDS_A_DAY;
  for (let number = Date.UTC(2000, 0, 1) / MILLISECONDS_A_DAY; number < end; number += 1) {
    const at = new Date(number * MILLISECONDS_A_DAY);
    if (!months.has(at.getUTCMonth() + 1)) continue;
    const lastDate = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
    if (isDay({ date: at.getUTCDate(), lastDate, weekday: at.getUTCDay() + 1 })) found.push(number);
  }
  return found;
}
const MILLISECONDS_A_DAY = DAY * 60_000;

/** @param times minutes of a day, sorted */
function gapsOf(days: readonly number[], times: readonly number[]): Gaps {
  const [earliest, latest] = [times[0] as number, times.at(-1) as number];
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  const add = (gap: number) => {
    shortest = Math.min(shortest, gap);
    longest = Math.max(longest, gap);
  };
  for (const [at, time] of times.entries()) if (at > 0) add(time - (times[at - 1] as number));
  for (const [at, day] of days.entries()) {
    if (at > 0) add((day - (days[at - 1] as number)) * DAY - latest + earliest);
  }
  if (days.length < 2) throw new ScheduleError('never fires: no month has that day');
  return { shortest, longest };
}

const cannotBe = ({ name, least, most }: Field, text: string) =>
  new ScheduleError(`cannot have ${JSON.stringify(text)} for the ${name}, ${least} to ${most}`);

/**
 * Null where it is off.
 * @param name of the setting
 * @throws SettingError for what is no schedule
 */
export function scheduleOf(name: string, given: string): string | null {
  if (given === 'off') return null;
  try {
    frequencyOf(given);
    return given;
  } catch (error) {
    if (error instanceof ScheduleError) throw wrong(name, given, error.message);
    throw error;
  }
}
