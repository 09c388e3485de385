// A story in words, a line for each thing that happens.

import { LOCK_MINUTES, type Ran } from './runs.ts';
import type { Fault } from './sources.ts';
import type { Step, Story, Trouble } from './story.ts';
import type { WorldEvent } from './world.ts';

export function headOf({ seed, store, cloud, steps }: Story): string {
  const kind = store === 'folder' ? 'a folder' : `AWS (${traits(cloud)})`;
  return `Seed ${seed}: ${steps.length} runs, kept in ${kind}`;
}

function traits({ staleReads, otherEtags }: Story['cloud']): string {
  const reads = staleReads ? 'reads may be stale' : 'reads are consistent';
  return `${reads}, etags ${otherEtags ? 'of their own' : 'by MD5'}`;
}

export function linesOf(step: Step, ran?: Ran): string[] {
  const { day, hour, events, faults, troubles, clock, jump, accept, force, id } = step;
  const lines = [`day ${day}, ${hour}:00 (run ${id})`];
  for (const event of events) lines.push(`  ${ofEvent(event)}`);
  for (const fault of faults) lines.push(`  fault: ${ofFault(fault)}`);
  for (const trouble of troubles) {
    lines.push(`  trouble: ${ofTrouble(trouble)}`);
    if (trouble.kind !== 'overtaken' || trouble.later < LOCK_MINUTES) continue;
    for (const event of trouble.events) lines.push(`    before it, ${ofEvent(event)}`);
  }
  if (clock !== 0) lines.push(`  the clock is ${minutes(clock)}`);
  if (jump !== 0) lines.push(`  the clock jumps, ${minutes(jump)}`);
  const flags = [accept ? 'accepting what was held' : '', force ? 'with --force' : ''];
  const how = flags.filter(Boolean).join(', ');
  const troubled = ran?.troubled ? ', after its trouble' : '';
  if (ran)
    lines.push(`  → ${ran.outcome}${how && ` (${how})`}${troubled}${ran.why && `: ${ran.why}`}`);
  return lines;
}

const minutes = (count: number) => `${Math.abs(count)} minutes ${count > 0 ? 'ahead' : 'behind'}`;

function ofEvent(event: WorldEvent): string {
  switch (event.kind) {
    case 'appear':
      return `${event.id} is ${event.isNew ? 'published' : 'there'} (${event.snapshots} snapshots)`;
    case 'snapshot':
      return `${event.id} has another snapshot`;
    case 'break':
      return `${event.id} breaks: ${event.by}`;
    case 'heal':
      return `${event.id} is healed`;
    case 'withdraw':
      return `${event.id} is withdrawn: ${event.state}`;
    case 'return':
      return `${event.id} is public again`;
  }
}

function ofFault(fault: Fault): string {
  switch (fault.kind) {
    case 'question':
      return `${fault.question} of ${fault.dataset ?? 'all datasets'}: ${fault.how}`;
    case 'registry':
      return `the registry from page ${fault.page + 1} on: ${fault.how}`;
    case 'asking':
      return `the registry, asked for ids: ${fault.how}`;
    case 'entry':
      return `the registry's entry of ${fault.dataset}: ${fault.how}`;
    case 'uncounted':
      return 'the registry does not say how many datasets it has';
  }
}

function ofTrouble(trouble: Trouble): string {
  if (trouble.kind === 'interrupted') return `interrupted at question ${trouble.question}`;
  if (trouble.kind === 'poison') return `${trouble.dataset} kills whoever asks for it`;
  const later = trouble.kind === 'overtaken' ? ` by a run ${trouble.later} minutes later` : '';
  return `${trouble.kind}${later} at write ${trouble.write}`;
}
