// What DynamoDB says when it does not do something.

import { StoreAway } from '../../boards/store.ts';

const CONDITION = 'ConditionalCheckFailed';
const BUSY = [
  'TransactionConflict',
  'ThrottlingError',
  'ThrottlingException',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TransactionInProgressException',
];

/** Why each item of a transaction was not written. */
function reasonsOf(error: unknown): readonly string[] {
  const { CancellationReasons: reasons = [] } = error as {
    CancellationReasons?: readonly { readonly Code?: string }[];
  };
  return reasons.map(({ Code = 'None' }) => Code);
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '');

export const isConditionFailed = (error: unknown): boolean =>
  nameOf(error) === `${CONDITION}Exception` || reasonsOf(error).includes(CONDITION);

/** Others were at the same items, or the table was asked too much at once. */
export const isWorthARetry = (error: unknown): boolean =>
  BUSY.includes(nameOf(error)) || reasonsOf(error).some((reason) => BUSY.includes(reason));

/** Errors of AWS and of the network; any other is a fault of the program. */
export function asStoreAway(error: unknown): unknown {
  const isFromAway =
    error instanceof Error &&
    ('$metadata' in error || 'code' in error || /^Timeout/.test(error.name));
  return isFromAway ? new StoreAway(`DynamoDB: ${error.name}`, { cause: error }) : error;
}
