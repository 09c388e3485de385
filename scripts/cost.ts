// `npm run cost -- --datasets 1850 --files 7M --every 1d`: the cost of a month at list prices.

import { costReport, USAGE, UsageError } from './cost/report.ts';

try {
  console.log(costReport(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
