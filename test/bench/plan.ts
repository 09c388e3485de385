// The cost of planning a run: the records are read and the datasets are divided by their files.

import { openneuro } from '../../archives/openneuro/index.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { balance, type Cost, filesCost } from '../../core/monitor/plan.ts';

const store = await openFolderStore(process.argv[2] ?? '', { archive: openneuro, lock: false });
const costs: Cost[] = [];
for await (const { check, dataset, numbers } of store.listRecords()) {
  if (check === 's3Files') costs.push({ dataset, cost: filesCost(numbers?.files) });
}
// As in the deployed plan (lambdas/steps/plan.ts).
const shares = balance(costs, { target: 250, most: 300 });
process.stdout.write(String(shares.reduce((sum, share) => sum + share.length, 0)));
