// Servers on loopback that behave, or misbehave byte by byte.

import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestServer {
  readonly url: string;
  /** Connections accepted so far. */
  readonly sockets: ReadonlySet<Socket>;
  /** Requests (of an HTTP server) or connections (of a raw one) so far. */
  readonly asked: number;
}

async function listen(
  server: net.Server,
  asked: () => number,
  scheme = 'http',
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    sockets,
    get asked() {
      return asked();
    },
  };
}

/** `nth` counts requests from 1; the body has been read completely. */
export type Handler = (
  request: http.IncomingMessage & { readonly text: string },
  response: http.ServerResponse,
  nth: number,
) => void;

/** @param tls key and certificate (PEM) to serve HTTPS with. */
export function serve(
  handler: Handler,
  tls?: { readonly key: string; readonly cert: string },
): Promise<TestServer> {
  let asked = 0;
  const answer: http.RequestListener = (request, response) => {
    asked += 1;
    const nth = asked;
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      handler(Object.assign(request, { text: Buffer.concat(pieces).toString() }), response, nth);
    });
  };
  const server = tls ? https.createServer(tls, answer) : http.createServer(answer);
  return listen(server, () => asked, tls && 'https');
}

/** A server without HTTP: the caller decides what it sends once the request's headers are in. */
export function serveRaw(speak: (socket: Socket) => void): Promise<TestServer> {
  let asked = 0;
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', () => {
      asked += 1;
      speak(socket);
    });
  });
  return listen(server, () => asked);
}
