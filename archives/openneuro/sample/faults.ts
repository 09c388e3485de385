// The faults of the sample archive: those of any host, of a registry, of refs and of listings.

import { TRAFFIC_KINDS, type TrafficKind } from '../../../core/traffic.ts';
import { FAULTS as ANY_HOST, cutRefs, loseContents } from '../../../sample/fault-table.ts';
import type { FaultKind, Known, FaultRule as Rule } from '../../../sample/faults.ts';
import type { Prepared } from '../../../sample/route.ts';

function loseEdges({ body, ...answer }: Prepared): Prepared {
  const page = JSON.parse(body.toString()) as { data?: { datasets?: { edges?: unknown[] } } };
  if (page.data?.datasets) page.data.datasets.edges = [];
  return { ...answer, body: Buffer.from(JSON.stringify(page)) };
}

export const FAULTS = {
  ...ANY_HOST,
  'null-edge': {
    means: 'registry: a null edge and an error beside it',
    kinds: ['registry'],
    ofParts: true,
  },
  'cut-refs': {
    means: 'refs: the last ref and the flush packet are lost, framing right',
    kinds: ['refs'],
    damage: cutRefs,
  },
  'missing-page': {
    means: 'registry: a page without its edges; listing: half of the keys that KeyCount says',
    kinds: ['registry', 'listing'],
    damage: (answer: Prepared, kind: string) =>
      kind === 'listing' ? loseContents(answer) : loseEdges(answer),
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultName = keyof typeof FAULTS;
/** Kinds of requests that only OpenNeuro has. */
const OWN_KINDS = ['doi', 'deprecated'] as const;
export type SampleKind = TrafficKind | (typeof OWN_KINDS)[number];
export type FaultRule = Rule<SampleKind, FaultName>;

export const KNOWN: Known<SampleKind, FaultName> = {
  kinds: [...TRAFFIC_KINDS, ...OWN_KINDS],
  faults: FAULTS,
};
