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

/** @param more further arguments of `cdk deploy`. @returns the stack's outputs */
export function deploy(
  { registryUrl, mirrorUrl, exportUrl, doiUrl }: ArchiveUrls,
  checkout = ROOT,
  more: readonly string[] = [],
): Promise<Outputs> {
  const archive = { registryUrl, mirrorUrl, exportUrl, doiUrl };
  return inFolder(async (folder) => {
    const outputs = join(folder, 'outputs.json');
    await cdk(
      checkout,
      // The emulator knows no budgets.
      ...['deploy', '-c', 'mirrorwatch:cdn=false', '-c', 'mirrorwatch:monthlyBudget=0'],
      ...['-c', `mirrorwatch:archive=${JSON.stringify(archive)}`],
      // Every function is a process of this machine.
      ...['-c', 'mirrorwatch:concurrency=2'],
      ...more,
      ...['--require-approval', 'never', '--outputs-file', outputs],
      ...['--output', join(folder, 'cdk.out')],
    );
    return JSON.parse(await readFile(outputs, 'utf8')).Mirrorwatch;
  });
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
