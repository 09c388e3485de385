// 3,000 damaged answers, the same on every run: each is a failed measurement or exactly the right
// list of files, nothing in between.

import { describe, expect, test } from 'vitest';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import { knownRepository, mutate, numbers } from './mutations.ts';
import { canned, fetchAnswer, listed, pack, signed } from './wire.ts';

const { head, entries, lines } = knownRepository();
const PACK = pack(entries);
const WHOLE = fetchAnswer(PACK, head.oid, 100);

async function outcomeOf(body: Buffer): Promise<string> {
  const source = createMirrorSource({ http: canned(() => ({ body })), baseUrl: 'https://host' });
  const answer = await source.readTree('ds1', head.oid);
  if (answer.kind === 'failed') return answer.reason;
  if (answer.kind !== 'seen') return answer.kind;
  return [...answer.value].map(listed).join('\n') === lines.join('\n') ? 'right' : 'wrong';
}

/** Outcome → number of damaged answers with it. */
async function tally(count: number, seed: number, damage: (random: () => number) => Buffer) {
  const random = numbers(seed);
  const outcomes: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const body = damage(random);
    const outcome = await outcomeOf(body);
    if (outcome === 'wrong') throw new Error(`wrong, number ${index}: ${body.toString('base64')}`);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return outcomes;
}

test('undamaged, it is right', async () => {
  expect(await outcomeOf(WHOLE)).toBe('right');
});

describe('an error or the right answer, never a wrong one', () => {
  test('1,200 damaged answers', async () => {
    const outcomes = await tally(1200, 1, (random) => mutate(WHOLE, random));
    expect(Object.keys(outcomes).sort()).toEqual(['cut-short', 'malformed', 'right']);
  });

  // The trailing SHA-1 stops nearly all damage; once it is fixed, the objects themselves must.
  test('1,800 damaged packs whose trailer fits the damage', async () => {
    const outcomes = await tally(1800, 2, (random) =>
      fetchAnswer(signed(mutate(PACK.subarray(0, -20), random)), head.oid),
    );
    expect(Object.keys(outcomes).sort()).toEqual(['malformed', 'right']);
  });

  // Past zlib's own checksum: deltas and trees that inflate well but are wrong.
  test('1,500 packs of damaged objects that are packed well', async () => {
    const outcomes = await tally(1500, 3, (random) => {
      const victim = Math.floor(random() * entries.length);
      const damaged = entries.map((entry, index) =>
        index === victim ? { ...entry, data: mutate(entry.data, random) } : entry,
      );
      return fetchAnswer(pack(damaged), head.oid);
    });
    expect(Object.keys(outcomes).sort()).toEqual(['malformed', 'right']);
  });
});
