// Faults on request: which request suffers which one is decided by a seed, so that a failing run
// can be had again.

import { createRandom } from './bytes.ts';
import { TRAFFIC_KINDS, type TrafficKind } from './traffic.ts';

export const FAULTS = {
  '500': 'an internal error',
  '503': 'service unavailable',
  '429': 'too many requests, Retry-After: 1',
  '429-date': 'too many requests, Retry-After as a date one second ahead',
  '429-bare': 'too many requests without Retry-After',
  '429-absurd': 'too many requests, Retry-After: a year',
  reset: 'the connection is reset in the middle of the body',
  cut: 'half a body under a 200 with right framing',
  'cut-length': 'Content-Length is right, the connection closes half way',
  'cut-chunked': 'chunked, closed half way without the last chunk',
  stall: 'half a body, then nothing',
  silent: 'no answer at all',
  garbage: 'a 200 with bytes of no format',
  html: 'a 200 with a web page',
  portal: 'a 200 with a web page and an ETag, as the log-in page of a network has',
  '403-html': 'a firewall: a 403 with a web page',
  '404-html': 'a proxy: a 404 with a web page',
  '404-text': 'a proxy: a 404 with a word of its own',
  'null-edge': 'registry: a null edge and an error beside it',
  'cut-refs': 'refs: the last ref and the flush packet are lost, framing right',
  'missing-page':
    'registry: a page without its edges; listing: half of the keys that KeyCount says',
} as const;

export type FaultName = keyof typeof FAULTS;

const ONLY: Partial<Record<FaultName, readonly TrafficKind[]>> = {
  'null-edge': ['registry'],
  'cut-refs': ['refs'],
  'missing-page': ['registry', 'listing'],
};

export interface FaultRule {
  readonly kind: TrafficKind;
  readonly fault: FaultName;
  /** Share of the requests that suffer it, 0 to 1. */
  readonly rate: number;
  readonly seed?: number;
  /** Only these datasets; the registry's pages belong to none, except for `null-edge`. */
  readonly datasets?: readonly string[];
  /** Retries of a request share its fate; without it each try is decided anew. */
  readonly sticky?: boolean;
  /** Only the first so many tries of a request can suffer. */
  readonly tries?: number;
}

/** @throws Error in one sentence when a rule makes no sense. */
export function checkRule(rule: FaultRule): FaultRule {
  if (!TRAFFIC_KINDS.includes(rule.kind)) {
    throw new Error(`unknown kind "${rule.kind}": one of ${TRAFFIC_KINDS.join(', ')}`);
  }
  if (!Object.hasOwn(FAULTS, rule.fault)) {
    throw new Error(`unknown fault "${rule.fault}": one of ${Object.keys(FAULTS).join(', ')}`);
  }
  if (!(rule.rate >= 0 && rule.rate <= 1)) {
    throw new Error(`rate ${rule.rate} is not between 0 and 1`);
  }
  const only = ONLY[rule.fault];
  if (only && !only.includes(rule.kind)) {
    throw new Error(`fault ${rule.fault} is for ${only.join(' and ')}, not for ${rule.kind}`);
  }
  return rule;
}

/** `kind:fault:rate`, as the command line has it; the rate may be left out (1). */
export function parseRule(text: string, seed: number): FaultRule {
  const [kind, fault, rate = '1', more] = text.split(':');
  if (!kind || !fault || more !== undefined || rate.trim() === '') {
    throw new Error(`"${text}" is not kind:fault:rate`);
  }
  return checkRule({
    kind: kind as TrafficKind,
    fault: fault as FaultName,
    rate: Number(rate),
    seed,
  });
}

export interface Faults {
  set(rules: readonly FaultRule[]): void;
  /** The fault of a request; `what` names the request so that its tries can be counted. */
  choose(kind: TrafficKind, dataset: string | null, what: string): FaultName | undefined;
  /** Whether a dataset's edge is null on this answer. */
  nullEdge(dataset: string, what: string): boolean;
}

export function createFaults(initial: readonly FaultRule[]): Faults {
  let rules: readonly FaultRule[] = [];
  const tries = new Map<string, number>();

  const strikes = (rule: FaultRule, subject: string, attempt: number): boolean => {
    if (attempt >= (rule.tries ?? Number.POSITIVE_INFINITY)) return false;
    const fate = `${rule.seed ?? 0} ${rule.kind} ${rule.fault} ${subject}`;
    return createRandom(rule.sticky ? fate : `${fate} ${attempt}`).next() < rule.rate;
  };
  const attemptOf = (what: string) => tries.get(what) ?? 0;

  const set = (next: readonly FaultRule[]) => {
    rules = next.map(checkRule);
    tries.clear();
  };
  set(initial);
  return {
    set,
    choose(kind, dataset, what) {
      const subject = `${kind} ${what}`;
      const attempt = attemptOf(subject);
      tries.set(subject, attempt + 1);
      return rules.find(
        (rule) =>
          rule.kind === kind &&
          rule.fault !== 'null-edge' &&
          (!rule.datasets || (dataset !== null && rule.datasets.includes(dataset))) &&
          strikes(rule, what, attempt),
      )?.fault;
    },
    nullEdge(dataset, what) {
      // Called while the answer is made: `choose` has counted this try already.
      const attempt = attemptOf(`registry ${what}`) - 1;
      return rules.some(
        (rule) =>
          rule.fault === 'null-edge' &&
          (!rule.datasets || rule.datasets.includes(dataset)) &&
          strikes(rule, dataset, attempt),
      );
    },
  };
}
