#!/usr/bin/env node
// The command line. `mirrorwatch --help` lists the commands.

// No `await` at the top: entry.cjs requires this module.
void import('./cli/main.ts').then(async ({ main }) => {
  process.exitCode = await main(process.argv.slice(2), process.env);
});
