// `npm run deploy`: says at once when AWS cannot be asked, then runs `cdk deploy`. A bucket and a
// table that an earlier stack of this name left are taken up again. Arguments go on to CDK.

import { spawnSync } from 'node:child_process';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { askingAws } from '../bin/aws/stack.ts';
import { report } from '../bin/cli/report.ts';

const args = process.argv.slice(2);
try {
  await askingAws(null, () => new STSClient().send(new GetCallerIdentityCommand()));
  const deploy = ['deploy', '--import-existing-resources', ...args];
  const { status, error } = spawnSync('cdk', deploy, { stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status ?? 1;
} catch (error) {
  process.exitCode = report(error, args);
}
