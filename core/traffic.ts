// Counts of requests and bytes by kind. Reports, tests and the bench read them.

/** Kinds of requests of the core's protocols; an archive may add others. */
export const TRAFFIC_KINDS = [
  'registry',
  'refs',
  'tree',
  'description',
  'listing',
  'access',
] as const;
export type TrafficKind = (typeof TRAFFIC_KINDS)[number];

export interface TrafficCount {
  /** Requests sent, retries included. */
  requests: number;
  retries: number;
  /** Bytes of bodies received, as they came over the wire. */
  bytes: number;
}

export type Traffic = Record<TrafficKind, TrafficCount> & Record<string, TrafficCount>;

const zero = (): TrafficCount => ({ requests: 0, retries: 0, bytes: 0 });

export function noTraffic(): Traffic {
  return Object.fromEntries(TRAFFIC_KINDS.map((kind) => [kind, zero()])) as Traffic;
}

/** The count of a kind; begins at zero. */
export function countOf(traffic: Traffic, kind: string): TrafficCount {
  traffic[kind] ??= zero();
  return traffic[kind];
}
