// The stack as a person deploys it, with `cdk bootstrap` and `cdk deploy`, and runs of it.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { inject } from 'vitest';
import type { RunInput } from '../../lambdas/contract.ts';
import { DEFAULT_STACK } from '../../lambdas/names.ts';
import { PREFIX } from '../../lib/context.ts';
import { clients } from './clients.ts';
import { withoutAws } from './emulator.ts';

const execute = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const POLL_MS = 300;

export interface ArchiveUrls {
  readonly registryUrl: string;
  readonly mirrorUrl: string;
  readonly exportUrl: string;
  readonly doiUrl: string;
}

export interface Outputs {
  readonly AlarmTopicArn: string;
  readonly BucketName: string;
  readonly ChangesTopicArn: string;
  readonly StateMachineArn: string;
  readonly TableName: string;
}

/** A program of the project, with the environment that reaches the endpoint under test. */
export async function inCheckout(
  program: string,
  args: readonly string[],
  checkout = ROOT,
): Promise<{ stdout: string; stderr: string; code: number }> {
  const bin = join(ROOT, 'node_modules/.bin');
  const env = {
    ...withoutAws(process.env),
    ...inject('awsEnv'),
    PATH: [dirname(process.execPath), bin, process.env.PATH].join(delimiter),
  };
  try {
    const ended = await execute(program, args, { cwd: checkout, env, maxBuffer: 64 << 20 });
    return { ...ended, code: 0 };
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as Record<string, never>;
    if (typeof code !== 'number') throw error;
    return { stdout, stderr, code };
  }
}

async function cdk(checkout: string, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await inCheckout('cdk', args, checkout);
  if (code !== 0) throw new Error(`cdk ${args[0]} failed:\n${stdout}\n${stderr}`);
}

/** Once, before anything is deployed. */
export async function bootstrap(): Promise<void> {
  await inFolder(async (folder) =>
    cdk(
      ROOT,
      ...['bootstrap', `aws://000000000000/${inject('awsEnv').AWS_REGION}`],
      ...['--output', join(folder, 'cdk.out')],
    ),
  );
}

/**
 * @param choices other settings, without the prefix
 * @returns the stack's outputs
 */
export function deploy(
  archive: ArchiveUrls,
  { checkout = ROOT, ...choices }: Readonly<Record<string, string>> = {},
): Promise<Outputs> {
  return inFolder(async (folder) => {
    const file = join(folder, 'outputs.json');
    const { code, stdout, stderr } = await inCheckout(
      'npm',
      [
        ...['run', '--silent', 'deploy', '--', ...settings(archive, choices)],
        ...['--require-approval', 'never', '--outputs-file', file],
        ...['--output', join(folder, 'cdk.out')],
      ],
      checkout,
    );
    if (code !== 0) throw new Error(`it was not deployed:\n${stdout}\n${stderr}`);
    const outputs: Record<string, Outputs> = JSON.parse(await readFile(file, 'utf8'));
    return outputs[choices.name ?? DEFAULT_STACK] as Outputs;
  });
}

/** Removes a stack as a person does. */
export function destroy(archive: ArchiveUrls, choices: Readonly<Record<string, string>> = {}) {
  return inFolder((folder) =>
    inCheckout('cdk', [
      ...['destroy', '--force', ...settings(archive, choices)],
      ...['--output', join(folder, 'cdk.out')],
    ]),
  );
}

function settings(
  { registryUrl, mirrorUrl, exportUrl, doiUrl }: ArchiveUrls,
  choices: Readonly<Record<string, string>>,
): string[] {
  const all = {
    cdn: 'false',
    // The emulator knows no budgets.
    monthlyBudget: '0',
    archive: JSON.stringify({ registryUrl, mirrorUrl, exportUrl, doiUrl }),
    // Every function is a process of this machine.
    concurrency: '2',
    ...choices,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${PREFIX}${name}=${value}`]);
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-cdk-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A person's view of the deployed stack. */
export function openDeployment(outputs: Outputs) {
  const { s3, sfn, dynamo } = clients();
  const Bucket = outputs.BucketName;

  const start = async (input: RunInput): Promise<string> => {
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: outputs.StateMachineArn,
        input: JSON.stringify(input),
      }),
    );
    return executionArn as string;
  };
  const untilEnded = async (executionArn: string): Promise<DescribeExecutionCommandOutput> => {
    for (;;) {
      const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (execution.status !== 'RUNNING') return execution;
      await sleep(POLL_MS);
    }
  };

  return {
    outputs,
    s3,
    dynamo,
    start,
    untilEnded,
    run: async (input: RunInput = {}) => untilEnded(await start(input)),

    /** Keys below a prefix, each with a value that changes on every write, even of equal bytes. */
    async written(prefix: string): Promise<Map<string, string>> {
      const stamps = new Map<string, string>();
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: prefix })) {
        for (const { Key = '', ETag, LastModified } of page.Contents ?? []) {
          stamps.set(Key, `${ETag} ${LastModified?.toISOString()}`);
        }
      }
      return stamps;
    },
    async read(key: string): Promise<string> {
      return (await this.readBytes(key)).toString();
    },
    async readBytes(key: string): Promise<Buffer> {
      const object = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
      return Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    },
    async headers(key: string): Promise<readonly (string | undefined)[]> {
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: key }));
      return [head.ContentType, head.CacheControl];
    },
  };
}

export type Deployment = ReturnType<typeof openDeployment>;
