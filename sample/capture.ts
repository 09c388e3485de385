// Lets a handler answer into memory, so that its answer can be counted, damaged and then sent.

import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Prepared } from './route.ts';

/** Runs a handler against a response that keeps what is written instead of sending it. */
export function capture(
  req: IncomingMessage,
  body: Buffer,
  handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
): Promise<Prepared> {
  // The body has been read already, to see what the request is.
  const again = Object.assign(Readable.from(body.length > 0 ? [body] : []), {
    method: req.method,
    url: req.url,
    headers: req.headers,
    httpVersion: req.httpVersion,
    socket: req.socket,
  }) as unknown as IncomingMessage;
  const chunks: Buffer[] = [];
  const res = new ServerResponse(req);
  const keep = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk === 'string') {
      chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as 'utf8') : 'utf8'));
    } else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  return new Promise((resolve, reject) => {
    let head: OutgoingHttpHeaders = {};
    const done = (args: unknown[]) => {
      for (const arg of args) if (typeof arg === 'function') queueMicrotask(arg as () => void);
    };
    res.writeHead = ((status: number, ...args: unknown[]) => {
      res.statusCode = status;
      const given = args.at(-1);
      if (given && typeof given === 'object') {
        const lower = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]);
        head = { ...head, ...Object.fromEntries(lower) };
      }
      return res;
    }) as typeof res.writeHead;
    res.write = ((chunk: unknown, ...args: unknown[]) => {
      keep(chunk, args[0]);
      done(args);
      return true;
    }) as typeof res.write;
    res.end = ((...args: unknown[]) => {
      keep(args[0], args[1]);
      const headers = { ...res.getHeaders(), ...head };
      resolve({ status: res.statusCode, headers, body: Buffer.concat(chunks) });
      done(args);
      res.emit('finish');
      return res;
    }) as typeof res.end;
    handle(again, res).catch(reject);
  });
}
