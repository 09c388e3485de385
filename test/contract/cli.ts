// The command line over the archives of the list and those of the contract suite.

import { ARCHIVES } from '../../archives/index.ts';
import { main } from '../../bin/cli/main.ts';
import { toy } from './toy/index.ts';

process.exitCode = await main(process.argv.slice(2), process.env, [...ARCHIVES, toy]);
