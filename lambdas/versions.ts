// Published versions of functions: which are still needed, and the removal of the others.

import {
  DeleteFunctionCommand,
  type LambdaClient,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';

const DAY_MS = 24 * 60 * 60 * 1000;
/**
 * How long a replaced version stays: a failed execution can be redriven for 14 days (Step Functions
 * Developer Guide, "Redriving executions"), and lasts less than a day itself.
 */
export const KEPT_MS = 15 * DAY_MS;

export interface Version {
  readonly number: number;
  /** When it was published. */
  readonly at: Date;
}

/** Versions that were replaced by the next one too long ago for any run. */
export function notNeeded(versions: readonly Version[], now: Date): number[] {
  const inOrder = versions.toSorted((a, b) => a.number - b.number);
  return inOrder.flatMap(({ number }, at) => {
    const next = inOrder[at + 1];
    return next && now.getTime() - next.at.getTime() > KEPT_MS ? [number] : [];
  });
}

/** @param current ARNs of the versions in use, one for each function */
export async function removeOldVersions(
  lambda: LambdaClient,
  current: readonly string[],
  now: Date,
): Promise<void> {
  for (const arn of current) {
    const FunctionName = arn.replace(/:\d+$/, '');
    const own = Number(arn.slice(FunctionName.length + 1));
    const versions: Version[] = [];
    for await (const page of paginateListVersionsByFunction({ client: lambda }, { FunctionName })) {
      for (const { Version, LastModified } of page.Versions ?? []) {
        // The unpublished one, which new versions are made of.
        if (Version === '$LATEST') continue;
        versions.push({ number: Number(Version), at: new Date(LastModified ?? now) });
      }
    }
    for (const number of notNeeded(versions, now)) {
      if (number === own) continue;
      await lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: String(number) }));
    }
  }
}
