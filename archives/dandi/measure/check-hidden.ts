// Stage: can anybody read a mirror of a dandiset that the archive does not show? Asks for the refs of
// those that the superdataset or the bucket has and the list lacks. Writes hidden.json.

import { failed } from '../../../core/failure.ts';
import type { Measurement } from '../../../core/monitor/archive.ts';
import { askEach } from '../../../core/monitor/ask-each.ts';
import { unsettled } from '../../../core/protocols/git/refusal.ts';
import { hidden } from '../checks/hidden.ts';
import { isDandisetId } from '../ids.ts';
import type { Sources } from '../sources/index.ts';
import { openSuperdataset } from './superdataset.ts';

export const checkHidden: Measurement<Sources>['run'] = (context, registry, ids, flow) => {
  const ask = askEach<Sources, typeof hidden>(hidden, async (context) => {
    const { signal, mirrors } = context;
    const { lastAttempt, latestSnapshots } = registry;
    if (lastAttempt !== null) return failed(lastAttempt.reason, 'the registry was not read');
    const superdataset = await openSuperdataset(context)();
    if (superdataset.kind === 'failed') return superdataset;
    const counted = await context.registry.count(signal);
    if (counted.kind === 'failed') return counted;
    const folders = await context.bucket.folders('dandisets/', signal);
    if (folders.kind === 'failed') return folders;
    const known = [...superdataset.value.byPath.keys(), ...folders.value];
    const isListed = (id: string) => Object.hasOwn(latestSnapshots, id);
    const asked = [...new Set(known)].filter((id) => isDandisetId(id) && !isListed(id)).sort();
    const answers = await Promise.all(
      asked.map(async (id) => ({ id, answer: await mirrors.readRefs(id, signal) })),
    );
    const readable: string[] = [];
    const closed: string[] = [];
    for (const { id, answer } of answers) {
      if (answer.kind === 'failed') return answer;
      if (answer.kind === 'denied') return unsettled(answer);
      if (answer.kind === 'seen') {
        // Created or opened since the list was read?
        const now = await context.registry.dandiset(id, signal);
        if (now.kind === 'failed') return now;
        if (now.kind !== 'seen' || now.value.embargo !== 'OPEN') readable.push(id);
      } else if (superdataset.value.byPath.get(id)?.access === 'public') closed.push(id);
    }
    const listed = Object.keys(latestSnapshots).length;
    return { listed, counted: counted.value, asked: asked.length, readable, closed };
  });
  return ask(context, registry, ids, flow);
};
