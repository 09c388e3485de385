// How an answer is sent: whole, with damaged content, or broken off on the way.

import type { ServerResponse } from 'node:http';
import type { FaultKind } from './faults.ts';
import type { Prepared } from './route.ts';

/**
 * Sends an answer, damaged by the fault if there is one.
 * @param method of the request, and the kind that it is of
 * @returns the bytes of body written
 */
export function send(
  res: ServerResponse,
  method: string | undefined,
  answer: Prepared,
  fault?: FaultKind,
  kind = '',
): number {
  if (fault?.breaks === 'before') return 0;
  const { status, headers, body } = fault?.damage?.(answer, kind) ?? answer;
  const head = { ...headers };
  delete head['transfer-encoding'];
  const isHead = method === 'HEAD';
  // A 304 has neither a body nor its length; a HEAD gives the length of the body it omits.
  if (status === 304) delete head['content-length'];
  else if (!isHead) head['content-length'] = body.length;
  if (fault?.breaks === undefined) {
    res.writeHead(status, head);
    res.end(isHead ? undefined : body);
    return isHead ? 0 : body.length;
  }
  const half = body.subarray(0, Math.max(1, body.length >>> 1));
  if (fault.breaks === 'chunked') delete head['content-length'];
  res.writeHead(status, head);
  res.write(half, () => {
    if (fault.breaks === 'reset') res.socket?.resetAndDestroy();
    else if (fault.breaks !== 'stalled') res.socket?.destroySoon();
  });
  return half.length;
}
