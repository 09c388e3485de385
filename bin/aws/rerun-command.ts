// `mirrorwatch rerun`: starts an execution of the deployed state machine, and can follow it.

import { plain } from '../cli/format.ts';
import { INTERRUPTED, onInterrupt } from '../cli/interrupt.ts';
import { WRONG_USAGE } from '../cli/report.ts';
import { type Ended, follow } from './follow.ts';
import type { RerunOptions } from './options.ts';
import { askingAws, findStack } from './stack.ts';

/** @returns 0 if it was started, or was followed to a good end; 1 if it ended badly; 2 if refused */
export async function rerunCommand(options: RerunOptions): Promise<number> {
  return askingAws(options.stack, async () => {
    const { stateMachineArn } = await findStack(options);
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
    // A succeeded execution has a message only if another run is on, or a person must look.
    if (outcome === 'refused') return WRONG_USAGE;
    return status === 'SUCCEEDED' && why === '' ? 0 : 1;
  });
}

/** The execution's input, without options that were not given, so `{}` is a full run. */
export function inputOf(options: RerunOptions): object {
  const { datasets, strict, stages, unverified, changed, force } = options;
  const { acceptShrink, publishAnyway } = options;
  return {
    ...(datasets && { datasets }),
    ...(datasets && !strict && { skipUnknown: true }),
    ...(stages && { stages }),
    ...(unverified && { unverified }),
    ...(changed && { changed }),
    ...(force && { force }),
    ...(acceptShrink && { acceptShrink }),
    ...(publishAnyway && { publishAnyway }),
  };
}

/** The console page of the execution. */
export function consoleLink(executionArn: string): string {
  // arn:partition:states:region:account:execution:machine:name
  const region = executionArn.split(':')[3] ?? '';
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** Null if Ctrl-C ended the following; the execution continues. */
async function followed(
  sfn: Parameters<typeof follow>[0],
  executionArn: string,
): Promise<Ended | null> {
  const interrupt = onInterrupt(() =>
    process.stderr.write('No longer followed; the execution continues.\n'),
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
