#!/usr/bin/env node
// The command line. `mirrorwatch --help` lists the commands.

import { main } from './cli/main.ts';

process.exitCode = await main(process.argv.slice(2), process.env);
