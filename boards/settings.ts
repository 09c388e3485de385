// Settings of boards, by the names of their environment variables. The CDK context has the same names.

import { Problem } from '../core/problem.ts';

export interface BoardSettings {
  /** Whether there are boards at all. */
  readonly on: boolean;
  /** Who may change a board: whoever has its key, or everybody who has its id. */
  readonly edit: 'key' | 'open';
  readonly validateSchema: boolean;
  readonly validateSize: boolean;
  /** Of a canonical board. A board of exactly this size is accepted. */
  readonly maxBytes: number;
  /** Of all boards together, whitelisted ones included. */
  readonly maxTotalBytes: number;
  /** Eviction begins when this share of `maxTotalBytes` is used. */
  readonly evictionThreshold: number;
  /** Eviction ends when no more than this share is used. */
  readonly targetUtilization: number;
  /** A use is written at most once in so many seconds a board. */
  readonly touchSeconds: number;
  /** Whether a write may evict the board that it has written. */
  readonly evictOwn: boolean;
}

/** A request's body is never longer, and a stored board neither: an item of DynamoDB has 400 KB. */
export const MOST_BYTES = 350_000;

const DEFAULTS = {
  BOARDS: 'on',
  BOARD_EDIT: 'key',
  VALIDATE_BOARD_SCHEMA: 'true',
  VALIDATE_BOARD_SIZE: 'true',
  BOARD_MAX_SINGLE_BYTES: '262144',
  BOARD_MAX_TOTAL_STORAGE_BYTES: '1073741824',
  BOARD_EVICTION_THRESHOLD: '0.95',
  BOARD_TARGET_UTILIZATION: '0.60',
  BOARD_TOUCH_SECONDS: '60',
  BOARD_EVICT_OWN: 'false',
} as const;
type Name = keyof typeof DEFAULTS;
export const BOARD_SETTINGS = Object.keys(DEFAULTS) as Name[];

/**
 * @param given other variables may be among them
 * @throws Problem that names the first one that cannot be used
 */
export function readBoardSettings(
  given: Readonly<Record<string, string | undefined>> = {},
): BoardSettings {
  const text = (name: Name): string => given[name] ?? DEFAULTS[name];
  const flag = (name: Name): boolean => /^(?:1|true|yes|on)$/i.test(text(name).trim());
  const number = (name: Name, most: number, isWhole: boolean): number => {
    const value = /^\d{1,16}(?:\.\d{1,16})?$/.test(text(name)) ? Number(text(name)) : Number.NaN;
    if (value <= most && (!isWhole || Number.isInteger(value))) return value;
    throw new Problem(
      `${name} cannot be ${JSON.stringify(text(name))}: give a ${isWhole ? 'whole ' : ''}number from 0 to ${most}`,
    );
  };
  const edit = text('BOARD_EDIT');
  if (edit !== 'key' && edit !== 'open') throw new Problem('BOARD_EDIT is either key or open');
  const settings: BoardSettings = {
    on: flag('BOARDS'),
    edit,
    validateSchema: flag('VALIDATE_BOARD_SCHEMA'),
    validateSize: flag('VALIDATE_BOARD_SIZE'),
    maxBytes: number('BOARD_MAX_SINGLE_BYTES', MOST_BYTES, true),
    maxTotalBytes: number('BOARD_MAX_TOTAL_STORAGE_BYTES', 2 ** 53 - 1, true),
    evictionThreshold: number('BOARD_EVICTION_THRESHOLD', 1, false),
    targetUtilization: number('BOARD_TARGET_UTILIZATION', 1, false),
    touchSeconds: number('BOARD_TOUCH_SECONDS', 86_400, false),
    evictOwn: flag('BOARD_EVICT_OWN'),
  };
  if (settings.targetUtilization > settings.evictionThreshold) {
    throw new Problem('BOARD_TARGET_UTILIZATION is more than BOARD_EVICTION_THRESHOLD');
  }
  if (settings.maxBytes > settings.maxTotalBytes) {
    throw new Problem('BOARD_MAX_SINGLE_BYTES is more than BOARD_MAX_TOTAL_STORAGE_BYTES');
  }
  return settings;
}
