// `npm start`: runs over the samples of the archives into a folder of their own, then serves the
// results on this machine. With `--once` it ends after the runs.

import { Command, Option } from 'commander';
import { ARCHIVES } from '../archives/index.ts';
import { SAMPLES } from '../archives/samples.ts';
import { INTERRUPTED } from './cli/interrupt.ts';
import { completeOptions, sampleOf } from './cli/options.ts';
import { report } from './cli/report.ts';
import { runCommand } from './cli/run-command.ts';
import { parseFolder, parseWhole } from './cli/values.ts';
import { openSite, untilInterrupted } from './serve/command.ts';
import { DEFAULT_HOST, DEFAULT_PORT } from './serve/options.ts';

/** Ports to try, from the requested one on: other servers may use 8000 too. */
const PORTS = 20;

interface StartOptions {
  readonly once?: true;
  readonly port: number;
  readonly out?: string;
  readonly from?: string;
  readonly archive?: string;
}

const SAMPLED = ARCHIVES.filter(({ id }) => Object.hasOwn(SAMPLES, id));

async function start({ once, port, archive, ...given }: StartOptions): Promise<number> {
  // Where the results will be, if the port is free.
  const siteUrl = port === 0 ? {} : { siteUrl: `http://${DEFAULT_HOST}:${port}` };
  // A recorded tree is that of the first archive.
  const wanted = given.from === undefined ? SAMPLED : SAMPLED.slice(0, 1);
  const chosen = wanted.filter(({ id }) => archive === undefined || id === archive);
  let [out, code] = ['', 0];
  for (const one of chosen) {
    const options = completeOptions({ ...given, ...siteUrl, archive: sampleOf(one) });
    out = options.out;
    code = Math.max(code, await runCommand(options, {}));
    if (code === INTERRUPTED) return code;
  }
  // The results published earlier are worth a look even if this run failed.
  if (once) return code;
  const site = await openSite({ out, port, host: DEFAULT_HOST }, PORTS);
  const { port: got } = new URL(site.url);
  if (port !== 0 && Number(got) !== port) process.stdout.write(`Port ${port} is in use.\n`);
  const shown = chosen.some(({ isAtRoot }) => isAtRoot) ? '' : `?archive=${archive}`;
  process.stdout.write(`\nThe results are at ${site.url}${shown} (Ctrl-C ends it)\n`);
  return Math.max(code, await untilInterrupted(site));
}

const program = new Command('npm start --')
  .description('Run over the sample archives, then serve the results on this machine')
  .option('--once', 'end after the run')
  .addOption(
    new Option('--archive <id>', 'only the sample of this archive').choices(
      SAMPLED.map(({ id }) => id),
    ),
  )
  .addOption(
    new Option('--port <number>', 'port of the results; 0 takes a free one')
      .default(DEFAULT_PORT)
      .argParser(parseWhole(0, 65_535)),
  )
  .addOption(
    new Option(
      '--out <folder>',
      'folder for the results (default: sample-data/, of a replay replay-data/)',
    ).argParser(parseFolder),
  )
  .addOption(
    new Option(
      '--from <folder>',
      'replay a recorded export tree instead of the generated archive',
    ).argParser(parseFolder),
  )
  .exitOverride()
  .configureOutput({ outputError: () => {} });

try {
  program.parse();
  process.exitCode = await start(program.opts());
} catch (error) {
  process.exitCode = report(error, process.argv);
}
