// Dandisets with exactly one fault each: at least one for every finding of every check, and one for
// every reason to wait. What a check says of the other dandisets must be nothing.

import { addHealthy, emptyWorld } from '../healthy.ts';
import type { MirrorPlan, SuperSection, World } from '../world.ts';
import { BUCKET } from './bucket.ts';
import type { Mutant } from './change.ts';
import { CONTENTS } from './contents.ts';
import { MIRROR, SUPER } from './mirror.ts';
import { VERSIONS } from './versions.ts';
import { ZARRS } from './zarrs.ts';

export { OWNER } from './change.ts';

export const MUTANTS: readonly Mutant[] = [
  ...MIRROR,
  ...CONTENTS,
  ...VERSIONS,
  ...SUPER,
  ...ZARRS,
  ...BUCKET,
];

export interface MutantWorld {
  readonly world: World;
  /** By dandiset; null for one without fault. */
  readonly expected: ReadonlyMap<string, string | null>;
}

/** Ids begin at 000101; a healthy one comes first. */
export function mutantWorld(now: Date): MutantWorld {
  const world = emptyWorld(now);
  const expected = new Map<string, string | null>();
  addHealthy(world, '000100');
  expected.set('000100', null);
  for (const [at, mutant] of MUTANTS.entries()) {
    const id = String(101 + at).padStart(6, '0');
    const dandiset = addHealthy(world, id, mutant.wish);
    const mirror = world.mirrors.get(id) as MirrorPlan;
    const section = world.superdataset.get(id) as SuperSection;
    mutant.change({ world, dandiset, mirror, section });
    expected.set(id, mutant.expected);
  }
  addHidden(world);
  return { world, expected };
}

/** Not listed: one that anybody can read, and one that the superdataset calls public. */
function addHidden(world: World): void {
  for (const [id, access] of [
    ['000900', 'public'],
    ['000901', 'private'],
  ] as const) {
    addHealthy(world, id);
    world.dandisets.pop();
    const mirror = world.mirrors.get(id);
    if (mirror) mirror.access = access;
  }
  world.extraCount = 2;
}
