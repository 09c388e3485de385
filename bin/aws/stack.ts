// The deployed stack from the command line's view: the addresses of its parts, and errors of AWS.

import { Problem } from '../../core/problem.ts';
import { nameFor } from '../../lambdas/names.ts';
import type { StackOptions } from './options.ts';

export interface StackParts {
  readonly stateMachineArn: string;
  readonly tableName: string;
}

/** Asks CloudFormation for the stack's outputs. */
export async function outputsOf(stack: string): Promise<ReadonlyMap<string, string>> {
  const { CloudFormationClient, DescribeStacksCommand } = await import(
    '@aws-sdk/client-cloudformation'
  );
  const { Stacks } = await new CloudFormationClient().send(
    new DescribeStacksCommand({ StackName: stack }),
  );
  return new Map(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
      OutputKey,
      OutputValue,
    ]),
  );
}

export async function findStack({
  stack,
  folder,
}: Pick<StackOptions, 'stack' | 'folder'>): Promise<StackParts> {
  const outputs = await outputsOf(stack);
  const stateMachineArn = outputs.get(nameFor('StateMachineArn', folder));
  const tableName = outputs.get('TableName');
  if (tableName && !stateMachineArn) {
    throw new Problem(`the stack ${stack} has no such archive; deploy it again (docs/deploy.md)`);
  }
  if (!stateMachineArn || !tableName) {
    throw new Problem(`the stack ${stack} is not one of Mirrorwatch; name yours with --stack`);
  }
  return { stateMachineArn, tableName };
}

/**
 * Runs requests to AWS; a failure that a person can fix becomes one line.
 * @param stack that is asked for; null if it is none
 */
export async function askingAws<T>(stack: string | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw awsProblem(stack, error);
  }
}

/** SDK and AWS errors whose cause is on this side, by name. */
const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [/^CredentialsProviderError$/, 'there are no AWS credentials; set AWS_PROFILE or run aws login'],
  [
    /^(ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|AuthFailure)/,
    'the AWS credentials are not valid (any more); sign in again',
  ],
  [/^AccessDenied/, 'the AWS credentials do not allow it'],
];

/** @returns the error itself if it is a different one */
export function awsProblem(stack: string | null, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error;
  const { name, message } = error;
  const problem = (text: string) => new Problem(`cannot ask AWS: ${text}`, { cause: error });
  if (name === 'ValidationError' && /does not exist/.test(message)) {
    return problem(
      `there is no stack ${stack} in this account and region; deploy it (docs/deploy.md), or name yours with --stack`,
    );
  }
  if (name === 'ResourceNotFoundException') return problem('there is no table of that name');
  if (/region is missing/i.test(message)) return problem('set AWS_REGION to where the stack is');
  const known = ADVICE.find(([pattern]) => pattern.test(name));
  if (known) return problem(`${known[1]} (${name})`);
  const code = (error as NodeJS.ErrnoException).code;
  if (/^(ECONNREFUSED|ENOTFOUND|ETIMEDOUT|ECONNRESET|EAI_AGAIN)$/.test(code ?? '')) {
    return problem(`its endpoint cannot be reached (${code})`);
  }
  return '$metadata' in error ? problem(`${name}: ${message}`) : error;
}
