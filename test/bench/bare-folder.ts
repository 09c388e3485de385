// The least that serves files: one process that reads `{name}.json` of a folder for `/…/{name}`.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.';
const server = createServer(async ({ url }, response) => {
  const bytes = await readFile(join(folder, `${url?.split('/').at(-1)}.json`));
  response.writeHead(200, { 'content-type': 'application/json' }).end(bytes);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
