// The bench's command line.

import { parseArgs } from 'node:util';
import type { Settings } from './bench.ts';

export interface Options extends Settings {
  /** Names of cases; null for all. */
  readonly only: readonly string[] | null;
  readonly writeDocs: boolean;
  readonly help: boolean;
}

export const HELP = `npm run bench -- [options]

Measures the monitor beside a baseline made of git and the AWS SDK, against servers on this machine.

  --only CASE[,CASE]  only these cases
  --runs N            runs of each program (default: 5, or 3 where one takes long)
  --quick             tiny sizes and one run: only whether it works and the results agree
  --write-docs        write the tables of docs/performance.md from the last results, run nothing
  --help              this text
`;

/** @throws Error with one line for the user. */
export function parseOptions(args: readonly string[], known: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const only = values.only?.split(',') ?? null;
  const unknown = only?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`no case ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  if (values.runs !== undefined && !/^[1-9]\d?$/.test(values.runs)) {
    throw new Error('--runs is a whole number from 1 to 99');
  }
  return {
    only,
    runs: values.runs === undefined ? null : Number(values.runs),
    quick: values.quick,
    writeDocs: values['write-docs'],
    help: values.help,
  };
}
