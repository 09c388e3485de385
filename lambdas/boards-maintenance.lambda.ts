// Maintenance of boards, for whoever may invoke this function; it has no address.

import * as z from 'zod';
import type { ApiAnswer } from '../boards/answers.ts';
import { openApi } from './boards/open.ts';

const eventSchema = z.object({
  method: z.enum(['GET', 'POST', 'DELETE']),
  /** Below `/api/maintenance/`, with its query. */
  path: z.string(),
});

const handle = openApi({
  mayMaintain: () => true,
  // It makes no boards.
  evictLater: async () => {},
});

export async function handler(input: unknown): Promise<ApiAnswer> {
  const { method, path: given } = eventSchema.parse(input);
  const [path, query] = given.split('?');
  return handle({
    ...{ method, path: `/api/maintenance/${path}`, query: new URLSearchParams(query) },
    ...{ headers: {}, client: null, body: async () => new Uint8Array() },
  });
}
