// Why something could not be done with a board, in one sentence.

import { number } from '../../core/documents/format.ts';
import { visible } from '../shared/visible.ts';
import type { Answer } from './api.ts';

export interface Problem {
  readonly text: string;
  /** What can be done about it. */
  readonly remedies: readonly ('reload' | 'overwrite' | 'fork' | 'retry')[];
}

export const GONE =
  'This board is gone: it was deleted, or not used for long. Your view is unchanged.';
export const READ_ONLY = 'This board can only be read. Fork it to change it.';

/** What a board cannot be opened for. */
export function whyNotOpened(answer: Exclude<Answer, { kind: 'done' }>): string {
  if (answer.kind === 'none') return 'There are no saved boards here. Your view is unchanged.';
  if (answer.kind === 'refused' && answer.status === 404) return GONE;
  return 'The board could not be loaded: no trustworthy answer came. Your view is unchanged.';
}

export function whyNotSaved(answer: Exclude<Answer, { kind: 'done' }>): Problem {
  if (answer.kind !== 'refused') {
    return problem('Nothing was saved: no trustworthy answer came from the server.', 'retry');
  }
  const { status, error, size, max, retryAfter } = answer;
  switch (status) {
    case 401:
    case 403:
      return problem(READ_ONLY, 'fork');
    case 404:
      return problem('This board is gone: it was deleted, or not used for long.');
    case 412:
      return problem('Somebody saved this board meanwhile.', 'reload', 'overwrite', 'fork');
    case 413:
      return problem(
        `The board is too big${size === null || max === null ? '' : `: ${number(size)} bytes, and ${number(max)} is the most`}.`,
      );
    case 422:
      return problem(
        error === null
          ? 'The board was refused.'
          : `The board was refused: ${visible(`${error.path}: ${error.message}`)}.`,
      );
    case 429:
      return problem(`Too many saves from here; again in ${number(retryAfter ?? 60)} s.`, 'retry');
    case 507:
      return problem('There is no room for more boards.');
    default:
      return problem('Nothing was saved: boards do not answer now.', 'retry');
  }
}

const problem = (text: string, ...remedies: Problem['remedies']): Problem => ({ text, remedies });
