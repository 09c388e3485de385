// What it costs to plan a run: the records are read and the datasets shared out by their files.

import { join } from 'node:path';
import { openFolderStore } from '../../bin/folder-store.ts';

/** core/stages/plan.ts, which a checkout may not have yet. */
interface Plan {
  filesCost(files: number | null): number;
  balance(
    costs: readonly { readonly dataset: string; readonly cost: number }[],
    shares: { readonly target: number; readonly most: number },
  ): string[][];
}

const { balance, filesCost } = (await import(
  join(import.meta.dirname, '../../core/stages/plan.js')
)) as Plan;
const store = await openFolderStore(process.argv[2] ?? '', { lock: false });
const costs: { dataset: string; cost: number }[] = [];
for await (const { check, dataset, files } of store.listRecords()) {
  if (check === 's3Files') costs.push({ dataset, cost: filesCost(files) });
}
// A few hundred shares are the most that the state machine's state holds.
const shares = balance(costs, { target: 300, most: 300 });
process.stdout.write(String(shares.reduce((sum, share) => sum + share.length, 0)));
