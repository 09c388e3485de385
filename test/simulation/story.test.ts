// What a thousand stories have in them: a simulation finds nothing in what never happens.

import { expect, test } from 'vitest';
import { BREAK_NAMES } from './breaks.ts';
import { type Fault, QUESTIONS } from './sources.ts';
import {
  ENTRIES,
  howOf,
  KINDS,
  REASONS,
  type Step,
  type Story,
  storyOf,
  TROUBLES,
} from './story.ts';
import type { WorldEvent } from './world.ts';

const SEEDS = 1000;
const DAYS = 30;

const EVERYTHING = new Set([
  ...KINDS.map((kind) => `event ${kind}`),
  ...BREAK_NAMES.map((by) => `break ${by}`),
  ...['deleted', 'not-public'].map((state) => `withdrawn ${state}`),
  ...QUESTIONS.flatMap((question) => howOf(question).map((how) => `${question} ${how}`)),
  ...REASONS.flatMap((how) => [`registry ${how}`, `asking ${how}`]),
  ...ENTRIES.map((how) => `entry ${how}`),
  'uncounted',
  ...TROUBLES,
  'poison',
  ...['ahead', 'behind'].flatMap((way) => [`clock ${way}`, `jump ${way}`]),
  ...['accepted', 'not accepted', 'forced', 'two runs on a day', 'a day without a run'],
  ...[1, 2, 5].map((datasets) => `datasets ${datasets}`),
]);

const ofEvent = (event: WorldEvent): string[] => {
  if (event.kind === 'break') return ['event break', `break ${event.by}`];
  if (event.kind === 'withdraw') return ['event withdraw', `withdrawn ${event.state}`];
  return [`event ${event.kind}`];
};

function ofFault(fault: Fault): string {
  if (fault.kind === 'question') return `${fault.question} ${fault.how}`;
  return 'how' in fault ? `${fault.kind} ${fault.how}` : fault.kind;
}

const way = (what: string, minutes: number): string[] =>
  minutes === 0 ? [] : [`${what} ${minutes > 0 ? 'ahead' : 'behind'}`];

const ofStep = (step: Step): string[] => [
  ...step.events.flatMap(ofEvent),
  ...step.faults.map(ofFault),
  ...step.troubles.map(({ kind }) => kind),
  ...way('clock', step.clock),
  ...way('jump', step.jump),
  step.accept ? 'accepted' : 'not accepted',
  ...(step.force ? ['forced'] : []),
];

function partsOf({ steps }: Story): string[] {
  const days = new Set(steps.map(({ day }) => day));
  const appeared = steps.flatMap(({ events }) => events.filter(({ kind }) => kind === 'appear'));
  return [
    ...steps.flatMap(ofStep),
    ...(days.size < DAYS ? ['a day without a run'] : []),
    ...(days.size < steps.length ? ['two runs on a day'] : []),
    `datasets ${appeared.length}`,
  ];
}

test.each(['folder', 'aws'] as const)(
  'every event, break, fault and trouble is in a thousand stories: %s',
  (store) => {
    const stories = Array.from({ length: SEEDS }, (_, seed) => storyOf(seed, DAYS));
    const own = stories.filter((story) => story.store === store);
    expect(own.length).toBeGreaterThanOrEqual(SEEDS / 5);
    const found = new Set(own.flatMap(partsOf));
    expect([...EVERYTHING.difference(found)]).toEqual([]);
    expect(own.every(({ steps }) => steps.at(-1)?.day === DAYS - 1)).toBe(true);
  },
);
