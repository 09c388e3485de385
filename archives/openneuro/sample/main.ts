// The command line of the sample archive: serves a generated or a replayed one until Ctrl-C.

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { TRAFFIC_KINDS } from '../../../core/traffic.ts';
import { parseRule } from '../../../sample/faults.ts';
import { checkLatency, type Latency } from '../../../sample/server.ts';
import type { SampleArchive } from './archive.ts';
import { FAULTS, type FaultRule, KNOWN } from './faults.ts';
import { DEFAULT_DATASETS, generateArchive } from './generate.ts';
import { readRecordedIds } from './recorded-dataset.ts';
import { replayArchive } from './replay.ts';
import { type SampleServer, startSampleArchive } from './server.ts';

interface Arguments {
  readonly datasets?: number;
  readonly seed: number;
  readonly from?: string;
  readonly sample?: number;
  readonly only?: readonly string[];
  readonly port: number;
  readonly fault: readonly string[];
  readonly latency: Latency;
}

/** A line for the user instead of a stack trace; `usage` ends with 2, the rest with 1. */
class CommandError extends Error {
  readonly exitCode: 1 | 2;
  constructor(message: string, exitCode: 1 | 2, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

function wholeNumber(from: number, to: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to) {
      throw new InvalidArgumentError(`It is a whole number from ${from} to ${to}.`);
    }
    return value;
  };
}

function addLatency(text: string, before: Latency): Latency {
  const [kind = '', wait = '', more] = text.split('=');
  try {
    if (more !== undefined || wait === '') throw new Error(`"${text}" is not kind=milliseconds`);
    return checkLatency({ ...before, [kind]: Number(wait) }, TRAFFIC_KINDS);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

const append = (text: string, before: readonly string[]) => [...before, text];
const list = (text: string) => text.split(',').filter((id) => id !== '');

function parseArguments(argv: readonly string[]): Arguments {
  const kinds = TRAFFIC_KINDS.join(', ');
  const faults = Object.entries(FAULTS).map(([name, { means }]) => `  ${name.padEnd(13)} ${means}`);
  const command = new Command('sample')
    .description(
      'OpenNeuro in a box: registry, git mirrors and export bucket on one loopback port.',
    )
    .option(
      '--datasets <n>',
      `datasets to generate (default: ${DEFAULT_DATASETS}), or the first so many to replay`,
      wholeNumber(1, 100_000),
    )
    .addOption(
      new Option('--seed <n>', 'of what is generated, sampled and of faults')
        .argParser(wholeNumber(0, 2 ** 31))
        .default(1),
    )
    .option('--from <dir>', 'replay a recorded export tree instead')
    .option(
      '--sample <k>',
      'so many of the recorded datasets, all odd ones first',
      wholeNumber(1, 100_000),
    )
    .option('--only <ids>', 'only these datasets, separated by commas', list)
    .addOption(
      new Option('--port <n>', '0 takes a free one').argParser(wholeNumber(0, 65_535)).default(0),
    )
    .addOption(
      new Option('--fault <kind:fault:rate>', 'repeatable; the rate may be left out (1)')
        .argParser(append)
        .default([], 'none'),
    )
    .addOption(
      new Option('--latency <kind=ms>', 'repeatable').argParser(addLatency).default({}, 'none'),
    )
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .addHelpText('after', `\nKinds: ${kinds}\nFaults:\n${faults.join('\n')}`);
  return command.parse([...argv], { from: 'user' }).opts<Arguments>();
}

function openArchive({ datasets, seed, from, sample, only }: Arguments): SampleArchive {
  if (from === undefined) {
    if (sample !== undefined) {
      throw new CommandError('--sample narrows a replay: give --from DIR too', 2);
    }
    const archive = generateArchive({
      seed,
      now: new Date(),
      ...(datasets === undefined ? {} : { datasets }),
      ...(only ? { only } : {}),
    });
    if (archive.datasets.length === 0) {
      throw new CommandError('no generated dataset has such an id: raise --datasets', 1);
    }
    return archive;
  }
  if (!existsSync(from)) throw new CommandError(`no such folder: ${from}`, 1);
  try {
    const narrowed = only ?? (datasets && readRecordedIds(from).slice(0, datasets));
    return replayArchive(from, {
      seed,
      ...(sample === undefined ? {} : { sample }),
      ...(narrowed ? { datasets: narrowed } : {}),
    });
  } catch (error) {
    throw new CommandError(`cannot replay ${from}: ${(error as Error).message}`, 1, {
      cause: error,
    });
  }
}

function readRules(texts: readonly string[], seed: number): FaultRule[] {
  try {
    return texts.map((text) => parseRule(text, seed, KNOWN));
  } catch (error) {
    throw new CommandError(`--fault: ${(error as Error).message}`, 2, { cause: error });
  }
}

async function start(options: Arguments): Promise<SampleServer> {
  const faults = readRules(options.fault, options.seed);
  const { port, latency } = options;
  const archive = openArchive(options);
  try {
    const server = await startSampleArchive({ archive, port, faults, latency });
    console.log(`Sample archive of ${archive.datasets.length} datasets at ${server.url}`);
    console.log(`  registry  ${server.registryUrl}`);
    console.log(`  mirrors   ${server.mirrorUrl}`);
    console.log(`  export    ${server.exportUrl}`);
    console.log(`  counts    ${server.url}/_sample/stats`);
    console.log('Ctrl-C ends it.');
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used' : 'is in use';
    throw new CommandError(`port ${port} ${why}: give another one with --port`, 1, {
      cause: error,
    });
  }
}

async function main(argv: readonly string[]): Promise<void> {
  try {
    const server = await start(parseArguments(argv));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        void server.close();
      });
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(`sample: ${error.message}`);
    process.exitCode = error.exitCode;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(process.argv.slice(2));
}
