// Schemathesis reads the OpenAPI document of boards, asks everything that it can think of, and finds
// no server error and no answer that the document does not describe.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openBoards } from '../../bin/serve/boards.ts';
import { createSiteServer } from '../../bin/serve/server.ts';
import { installPython } from '../aws/emulator.ts';

const SCHEMATHESIS = '4.32.5';
const TOKEN = 'a-token-of-more-than-32-characters';
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

let folder: string;
let schemathesis: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-boards-'));
  schemathesis = join(await installPython('schemathesis', SCHEMATHESIS), 'bin/st');
  await writeFile(join(folder, 'token'), TOKEN);
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['with everybody as its operator', 'open', TOKEN],
  ['with a wrong key', 'key', 'A'.repeat(43)],
])('%s', async (_, edit, bearer) => {
  vi.stubEnv('BOARD_EDIT', edit);
  const faults: string[] = [];
  const boards = await openBoards({
    ...{ boards: join(folder, edit), boardsMaintenance: join(folder, 'token'), isShared: false },
    say: (text) => faults.push(text),
  });
  vi.unstubAllEnvs();
  const server = createSiteServer({ data: folder, page: folder }, '127.0.0.1', boards.api);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const args = [
    ...['run', `http://127.0.0.1:${port}/api/openapi.json`, '--checks', CHECKS.join()],
    ...['--header', `Authorization: Bearer ${bearer}`, '--seed', '1', '--max-examples', '15'],
    ...['--workers', '1', '--no-color', '--generation-database', 'none'],
  ];
  const { code, text } = await new Promise<{ code: unknown; text: string }>((resolve) => {
    execFile(schemathesis, args, { cwd: folder, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, text: stdout + stderr }),
    );
  });
  server.closeAllConnections();
  server.close();
  await boards.close();
  expect({ code, text: code === 0 ? '' : text }).toEqual({ code: 0, text: '' });
  expect(faults).toEqual([]);
  expect(text).toMatch(/Operations:\s+(\d+) selected \/ \1 total/);
});
