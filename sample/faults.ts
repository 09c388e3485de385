// Faults on request. A seed decides which request gets which fault, so a failing run can be
// repeated.

import { createRandom } from './bytes.ts';
import type { Prepared } from './route.ts';

/** What a fault does to an answer. */
export interface FaultKind {
  /** One line of help. */
  readonly means: string;
  /** The kinds of request it is for; all if absent. */
  readonly kinds?: readonly string[];
  /** The answer to send instead. */
  readonly damage?: (answer: Prepared, kind: string) => Prepared;
  /**
   * Where sending stops: before the headers, or half way through the body, with the connection
   * reset, closed, closed before the last chunk, or left open.
   */
  readonly breaks?: 'before' | 'reset' | 'closed' | 'chunked' | 'stalled';
  /** It hits parts of an answer, one by one: the route asks for each (`Answering`, `strikes`). */
  readonly ofParts?: true;
}

export interface FaultRule<Kind extends string = string, Name extends string = string> {
  readonly kind: Kind;
  readonly fault: Name;
  /** Share of the requests that get it, 0 to 1. */
  readonly rate: number;
  readonly seed?: number;
  /** Only these datasets. Requests about the whole archive belong to none, but their parts do. */
  readonly datasets?: readonly string[];
  /** Retries of a request get the same; without it each try is decided separately. */
  readonly sticky?: boolean;
  /** Only so many first tries of a request can get it. */
  readonly tries?: number;
}

/** The kinds of request and the faults that a server knows. */
export interface Known<Kind extends string = string, Name extends string = string> {
  readonly kinds: readonly Kind[];
  readonly faults: Readonly<Record<Name, FaultKind>>;
}

/** @throws Error in one sentence if a rule is invalid. */
export function checkRule<Kind extends string, Name extends string>(
  rule: FaultRule<Kind, Name>,
  { kinds, faults }: Known<Kind, Name>,
): FaultRule<Kind, Name> {
  if (!kinds.includes(rule.kind)) {
    throw new Error(`unknown kind "${rule.kind}": one of ${kinds.join(', ')}`);
  }
  if (!Object.hasOwn(faults, rule.fault)) {
    throw new Error(`unknown fault "${rule.fault}": one of ${Object.keys(faults).join(', ')}`);
  }
  if (!(rule.rate >= 0 && rule.rate <= 1)) {
    throw new Error(`rate ${rule.rate} is not between 0 and 1`);
  }
  const only = faults[rule.fault].kinds;
  if (only && !only.includes(rule.kind)) {
    throw new Error(`fault ${rule.fault} is for ${only.join(' and ')}, not for ${rule.kind}`);
  }
  return rule;
}

/** `kind:fault:rate`, as the command line has it; the rate may be left out (1). */
export function parseRule<Kind extends string, Name extends string>(
  text: string,
  seed: number,
  known: Known<Kind, Name>,
): FaultRule<Kind, Name> {
  const [kind, fault, rate = '1', more] = text.split(':');
  if (!kind || !fault || more !== undefined || rate.trim() === '') {
    throw new Error(`"${text}" is not kind:fault:rate`);
  }
  return checkRule({ kind: kind as Kind, fault: fault as Name, rate: Number(rate), seed }, known);
}

export interface Faults<Kind extends string = string, Name extends string = string> {
  set(rules: readonly FaultRule<Kind, Name>[]): void;
  /** The fault of a request; `what` names the request so that its tries can be counted. */
  choose(kind: Kind, dataset: string | null, what: string): FaultKind | undefined;
  /** Whether a fault of parts hits the part of an answer that is a dataset's. */
  strikesPart(fault: string, dataset: string, kind: Kind, what: string): boolean;
}

export function createFaults<Kind extends string, Name extends string>(
  initial: readonly FaultRule<Kind, Name>[],
  known: Known<Kind, Name>,
): Faults<Kind, Name> {
  let rules: readonly FaultRule<Kind, Name>[] = [];
  const tries = new Map<string, number>();

  const strikes = (rule: FaultRule, subject: string, attempt: number): boolean => {
    if (attempt >= (rule.tries ?? Number.POSITIVE_INFINITY)) return false;
    const fate = `${rule.seed ?? 0} ${rule.kind} ${rule.fault} ${subject}`;
    return createRandom(rule.sticky ? fate : `${fate} ${attempt}`).next() < rule.rate;
  };
  const attemptOf = (what: string) => tries.get(what) ?? 0;

  const set = (next: readonly FaultRule<Kind, Name>[]) => {
    rules = next.map((rule) => checkRule(rule, known));
    tries.clear();
  };
  set(initial);
  return {
    set,
    choose(kind, dataset, what) {
      const subject = `${kind} ${what}`;
      const attempt = attemptOf(subject);
      tries.set(subject, attempt + 1);
      const rule = rules.find(
        (rule) =>
          rule.kind === kind &&
          !known.faults[rule.fault].ofParts &&
          (!rule.datasets || (dataset !== null && rule.datasets.includes(dataset))) &&
          strikes(rule, what, attempt),
      );
      return rule && known.faults[rule.fault];
    },
    strikesPart(fault, dataset, kind, what) {
      // Called while the answer is made: `choose` has counted this try already.
      const attempt = attemptOf(`${kind} ${what}`) - 1;
      return rules.some(
        (rule) =>
          rule.kind === kind &&
          rule.fault === fault &&
          (!rule.datasets || rule.datasets.includes(dataset)) &&
          strikes(rule, dataset, attempt),
      );
    },
  };
}
