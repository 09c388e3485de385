// `mirrorwatch rerun`: starts an execution of the deployed state machine, and follows it when asked.

import { plain } from '../cli/format.ts';
import { INTERRUPTED, onInterrupt } from '../cli/interrupt.ts';
import { type Ended, follow } from './follow.ts';
import type { RerunOptions } from './options.ts';
import { askingAws, findStack } from './stack.ts';

/** @returns 0 when it was started, or ended well when followed; 1 when it ended badly */
export async function rerunCommand(options: RerunOptions): Promise<number> {
  return askingAws(options.stack, async () => {
    const { stateMachineArn } = await findStack(options.stack);
    const { SFNClient, StartExecutionCommand } = await import('@aws-sdk/client-sfn');
    const sfn = new SFNClient();
    const input = JSON.stringify(inputOf(options));
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input }),
    );
    const link = consoleLink(executionArn);
    process.stderr.write(`Started with ${input}\n${link}\n`);
    if (!options.wait) {
      if (options.json) process.stdout.write(`${JSON.stringify({ executionArn, link })}\n`);
      return 0;
    }
    const ended = await followed(sfn, executionArn);
    if (ended === null) return INTERRUPTED;
    const { outcome, status, why } = ended;
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ executionArn, link, ...ended })}\n`
        : `${plain([outcome ?? status, why].filter(Boolean).join(': '))}\n`,
    );
    // What there is to say of an execution that succeeded is that another run is on, or that a person must look.
    return status === 'SUCCEEDED' && why === '' ? 0 : 1;
  });
}

/** The input of the execution, without options that were not given, so `{}` is a full run. */
export function inputOf(options: RerunOptions): object {
  const { datasets, stages, unverified, force, acceptShrink, publishAnyway } = options;
  return {
    ...(datasets && { datasets }),
    ...(stages && { stages }),
    ...(unverified && { unverified }),
    ...(force && { force }),
    ...(acceptShrink && { acceptShrink }),
    ...(publishAnyway && { publishAnyway }),
  };
}

/** Where a person sees the execution. */
export function consoleLink(executionArn: string): string {
  // arn:partition:states:region:account:execution:machine:name
  const region = executionArn.split(':')[3] ?? '';
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** Null when Ctrl-C ended the following: the execution continues. */
async function followed(
  sfn: Parameters<typeof follow>[0],
  executionArn: string,
): Promise<Ended | null> {
  const interrupt = onInterrupt(() =>
    process.stderr.write('No longer followed; the execution goes on.\n'),
  );
  try {
    const say = (line: string) => process.stderr.write(`  ${line}\n`);
    return await follow(sfn, executionArn, say, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return null;
    throw error;
  } finally {
    interrupt.close();
  }
}
