// Values of the CDK context. Ours have one prefix (`-c mirrorwatch:alarmEmail=…`). A key that only
// looks like one of ours is refused, since CDK itself would ignore it.

import { distance } from 'fastest-levenshtein';
import * as z from 'zod';

export const PREFIX = 'mirrorwatch:';

/** A setting that cannot be deployed. The message names it and says what is valid. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** What a setting takes: in words, for the message, and as a schema. */
export interface Kind<T = unknown> {
  readonly takes: string;
  readonly schema: z.ZodType<T>;
}

export const kind = <T>(takes: string, schema: z.ZodType<T>): Kind<T> => ({ takes, schema });

export const text = (takes: string, pattern: RegExp): Kind<string> =>
  kind(takes, z.string().regex(pattern));

export const flag: Kind<boolean> = kind(
  'true or false',
  z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]),
);

export const whole = (least: number, most: number): Kind<number> =>
  kind(
    `a whole number from ${least} to ${most}`,
    z
      .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
      .pipe(z.int().min(least).max(most)),
  );

/** Text from `-c` holds JSON; in cdk.json it may stand as it is. */
export const json = <T>(takes: string, schema: z.ZodType<T>): Kind<T> =>
  kind(takes, z.preprocess(parsed, schema));

/** For a link or a request: a path can be added to it, and it holds no password. */
export const address = z.url({ protocol: /^https?$/ }).refine((given) => {
  const url = URL.parse(given);
  return url !== null && url.search === '' && hasNoMore(url);
});

/** Unlike other addresses it may have a query: many receivers tell their senders apart by it. */
export const webhookAddress = z.url({ protocol: /^https$/ }).refine((given) => {
  const url = URL.parse(given);
  return url !== null && hasNoMore(url);
});

const hasNoMore = ({ hash, username, password }: URL) =>
  [hash, username, password].every((part) => part === '');

type Values<K extends Readonly<Record<string, Kind>>> = {
  readonly [N in keyof K]: K[N] extends Kind<infer T> ? T | undefined : never;
};

/**
 * @param context values are text from `-c` and JSON from cdk.json; both are accepted
 * @param kinds by name, without the prefix
 * @returns undefined where nothing was set
 * @throws SettingError for the first unknown key or invalid value
 */
export function readContext<K extends Readonly<Record<string, Kind>>>(
  context: Readonly<Record<string, unknown>>,
  kinds: K,
): Values<K> {
  refuseUnknown(Object.keys(context), Object.keys(kinds));
  const values = Object.entries(kinds).map(([name, { takes, schema }]) => {
    const given = context[PREFIX + name];
    if (given === undefined) return [name, undefined];
    const { success, data } = schema.safeParse(given);
    if (!success) throw wrong(name, given, `takes ${takes}`);
    return [name, data];
  });
  return Object.fromEntries(values);
}

/** @param why a sentence about it without a subject: `takes true or false` */
export const wrong = (name: string, given: unknown, why: string) =>
  new SettingError(`${PREFIX}${name} cannot be ${JSON.stringify(given)}: it ${why}`);

/** Somebody who forgets the colon or shifts a letter means us, too. */
const LIKE_OURS = /^mirrorwatch\W*/i;

function refuseUnknown(keys: readonly string[], names: readonly string[]): void {
  for (const key of keys) {
    if (names.includes(key)) {
      throw new SettingError(`${key} lacks its prefix: set ${PREFIX}${key}`);
    }
    if (!LIKE_OURS.test(key) || names.some((name) => key === PREFIX + name)) continue;
    const [nearest] = nearestFirst(key.replace(LIKE_OURS, ''), names);
    throw new SettingError(
      `${key} is no setting; the nearest one is ${PREFIX}${nearest} (docs/deploy.md lists all)`,
    );
  }
}

/** A name that was cut off, or goes on, comes before one with a few other letters. */
function nearestFirst(given: string, names: readonly string[]): readonly string[] {
  const wanted = given.toLowerCase();
  const distanceTo = (name: string) => {
    const known = name.toLowerCase();
    return known.startsWith(wanted) || wanted.startsWith(known) ? 0 : distance(known, wanted);
  };
  return names.toSorted((a, b) => distanceTo(a) - distanceTo(b));
}

function parsed(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    // Text is not what the schema wants, so the message says what is.
    return given;
  }
}
