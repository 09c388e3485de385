// Do all places say the same about the embargo? (C17)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { HOUR } from './mirror.ts';
import { error, embargo as status } from './shapes.ts';

/** Null: this place does not say, or was not read. */
const told = z.enum(['open', 'embargoed']).nullable();

const evidence = z.object({
  registry: status,
  /** `access` in the draft's metadata. */
  metadata: told,
  /** `.datalad/config` of the mirror; a mirror that was never embargoed says nothing. */
  config: told,
  /** Whether anybody can read the mirror. */
  repository: told,
  /** `github-access-status` in the superdataset. */
  superdataset: told,
  /** Seconds since the draft changed. */
  lag: z.int(),
});
type Evidence = z.infer<typeof evidence>;

const EXPECTED = 6 * HOUR;

/** The places that contradict the registry. */
function contradicting(seen: Evidence): string[] {
  const expected = seen.registry === 'OPEN' ? 'open' : 'embargoed';
  const places = ['metadata', 'config', 'repository', 'superdataset'] as const;
  return places.filter((place) => seen[place] !== null && seen[place] !== expected);
}

/** Only the mirror's settings are behind, and the tool may still write them. */
const isOnItsWay = (seen: Evidence): boolean =>
  contradicting(seen).join() === 'config' && seen.lag < EXPECTED;

export const embargo = defineCheck({
  id: 'embargo',
  file: 'embargo',
  title: 'What all places say about the embargo',
  of: 'contents',
  stage: 'check-assets',
  words: {
    name: 'Embargo',
    asks: 'Do all places say the same about the embargo?',
    ok: 'All places say the same.',
  },
  findings: {
    'embargo-incoherent': error(
      'Contradicting embargo',
      'The archive, its metadata, the mirror or the superdataset contradict each other about the embargo.',
      'Find out whether the dandiset is embargoed, and correct the place that is wrong.',
    ),
  },
  reasons: { unembargoing: {}, changing: {}, settling: {}, embargoed: {}, 'no-mirror': {} },
  isOfComparisons: true,
  evidence,
  judge(seen: object) {
    const evidence = seen as Evidence;
    if (evidence.registry === 'UNEMBARGOING' || isOnItsWay(evidence)) return [];
    return contradicting(evidence).length > 0 ? ['embargo-incoherent'] : [];
  },
  reasonOf(seen: object) {
    const evidence = seen as Evidence;
    if (evidence.registry === 'UNEMBARGOING') return 'unembargoing';
    return isOnItsWay(evidence) ? 'changing' : null;
  },
});
