// GitHub allows more requests per hour with a token. A token that is unreadable or refused stops
// nothing, since the mirrors are public. A log line and the report of the shard tell it; neither
// contains the token.

import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { isToken } from '../core/http/credentials.ts';
import type { Tools } from './steps/tools.ts';

interface Told {
  readonly log: Tools['log'];
  /** Gets why the token is of no use. */
  readonly onUnusable: (reason: string) => void;
}

/** Long enough for the client's own retries when SSM throttles. */
const READ_WITHIN_MS = 20_000;

/** @returns undefined if the parameter is unreadable or holds no token; that was reported */
export async function readGithubToken(
  ssm: Pick<SSMClient, 'send'>,
  parameter: string,
  told: Told,
): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: parameter, WithDecryption: true }),
      { abortSignal: AbortSignal.timeout(READ_WITHIN_MS) },
    );
    const token = Parameter?.Value?.trim() ?? '';
    if (isToken(token)) return token;
    reportUnusable(told, { parameter, reason: 'it holds no token' });
  } catch (error) {
    reportUnusable(told, {
      parameter,
      reason: error instanceof Error ? error.name : String(error),
    });
  }
  return undefined;
}

/** Called when GitHub refuses the token. The token is not sent after that. */
export const tokenRefused = (told: Told) => (_place: string, status: number) =>
  reportUnusable(told, { reason: 'GitHub refuses it', status });

function reportUnusable(
  { log, onUnusable }: Told,
  facts: Readonly<Record<string, unknown>> & { readonly reason: string },
): void {
  log('error', 'the GitHub token does not work; continuing without it', facts);
  onUnusable(facts.reason);
}
