// The source of toys: a list and copies over HTTP; of three toys one differs, one was not copied.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '../world.ts';

const NAMES: Readonly<Record<string, string>> = {
  bear: 'Bear',
  robot: 'Robot <b>7</b>',
  train: 'Train',
};

export async function toyWorld(): Promise<World> {
  let isDown = false;
  const copies = new Map([
    ['bear', 'Bear'],
    ['robot', 'Robot 6'],
  ]);
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const answer = (status: number, body: string) => {
      response.statusCode = status;
      response.end(body);
    };
    if (isDown) return answer(503, '');
    if (path === '/list.json') {
      const toys = Object.entries(NAMES).map(([id, name]) => ({ id, name }));
      return answer(200, JSON.stringify({ count: 4, toys }));
    }
    const text = copies.get(path.slice('/copies/'.length));
    return text === undefined ? answer(404, '') : answer(200, text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    addresses: { list: `${base}/list.json`, copies: `${base}/copies` },
    verdicts: {
      bear: { copy: 'ok' },
      robot: { copy: 'warning' },
      train: { copy: 'error' },
    },
    ofArchive: { list: 'warning' },
    fail: (down) => {
      isDown = down;
    },
    heal: () => {
      copies.set('robot', NAMES.robot as string).set('train', 'Train');
      return ['robot', 'train'];
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
