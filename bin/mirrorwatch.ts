#!/usr/bin/env node
// The command line. `mirrorwatch --help` lists the commands.

import { boundYoungSpace } from './young-space.ts';

boundYoungSpace();
const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2), process.env);
