// `mirrorwatch boards`: each action returns the exit code.

import { readFile } from 'node:fs/promises';
import { ARCHIVES } from '../../archives/index.ts';
import { DumpError, exportBoards, importBoards } from '../../boards/dump.ts';
import { boardSchema } from '../../boards/schema.ts';
import { readBoardSettings } from '../../boards/settings.ts';
import { vocabularyOf } from '../../boards/vocabulary.ts';
import { counted } from '../../core/documents/format.ts';
import { Problem } from '../../core/problem.ts';
import { CAPS } from '../../lib/boards/caps.ts';
import { askingAws } from '../aws/stack.ts';
import { plain, plainLines } from '../cli/format.ts';
import { fileProblem } from '../problem.ts';
import { writeIfChanged } from '../store/atomic.ts';
import { diskFiles } from '../store/files.ts';
import { type BoardsActions, type DumpOptions, ONE_BOARD } from './options.ts';
import { openPlace, outputOf, withMaintenance } from './places.ts';

const say = (text: string): void => void process.stdout.write(`${plain(text)}\n`);

export const BOARDS_ACTIONS: BoardsActions = {
  exportBoards: (options) => askingAws(options.stack, () => exportTo(options)),
  importBoards: (options) => askingAws(options.stack, () => importFrom(options)),

  maintainBoard: (action, id, place) =>
    askingAws(place.stack, () =>
      withMaintenance(place, async (maintain) => {
        const { method, below } = ONE_BOARD[action];
        const answered = JSON.parse(await done(maintain(method, `boards/${id}${below}`)));
        if (action !== 'show') say(answered.message);
        else process.stdout.write(`${plainLines(JSON.stringify(answered, null, 2))}\n`);
        return 0;
      }),
    ),

  listBoards: (place) =>
    askingAws(place.stack, () =>
      withMaintenance(place, async (maintain) => {
        let next = '';
        do {
          const query = next === '' ? '' : `?after=${encodeURIComponent(next)}`;
          const page = JSON.parse(await done(maintain('GET', `boards${query}`)));
          for (const {
            id,
            title,
            size,
            lastAccess,
            whitelisted,
            protected: fixed,
          } of page.boards) {
            const flags = [whitelisted && 'whitelisted', fixed && 'protected'].filter(Boolean);
            say([id, lastAccess, String(size).padStart(7), title, ...flags].join('  '));
          }
          next = page.next ?? '';
        } while (next !== '');
        return 0;
      }),
    ),

  recountBoards: (place) =>
    askingAws(place.stack, () =>
      withMaintenance(place, async (maintain) => {
        const { boards, bytes } = JSON.parse(await done(maintain('POST', 'recount')));
        say(`${counted(boards, 'board')}, ${counted(bytes, 'byte')}`);
        return 0;
      }),
    ),

  switchBoards: (isOn, { stack }) =>
    askingAws(stack, async () => {
      const { LambdaClient, PutFunctionConcurrencyCommand } = await import(
        '@aws-sdk/client-lambda'
      );
      const FunctionName = await outputOf(stack, 'BoardsFunctionName');
      const ReservedConcurrentExecutions = isOn ? CAPS.atOnce : 0;
      await new LambdaClient().send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }),
      );
      say(isOn ? 'Boards are answered again' : 'No request for boards is answered any more');
      return 0;
    }),
};

async function done(asked: Promise<{ readonly status: number; readonly body: string }>) {
  const { status, body } = await asked;
  if (status === 200) return body;
  throw new Problem(JSON.parse(body).detail);
}

async function exportTo({ file, all, ...where }: DumpOptions): Promise<number> {
  const place = await openPlace(where);
  try {
    const text = await exportBoards(place.store, all);
    await writeIfChanged(diskFiles, file, Buffer.from(text)).catch((error) => {
      throw fileProblem('write', file, error);
    });
    say(`${counted(JSON.parse(text).length, 'board')} in ${file}`);
    return 0;
  } finally {
    await place.close();
  }
}

async function importFrom({ file, ...where }: DumpOptions): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') throw new Problem(`there is no file ${file}`);
    throw fileProblem('read', file, error);
  });
  const place = await openPlace(where);
  const schema = boardSchema(vocabularyOf(ARCHIVES));
  try {
    const settings = readBoardSettings(process.env);
    const { written, unchanged, refused } = await importBoards(place.store, text, schema, settings);
    for (const { id, why } of refused) process.stderr.write(`${plain(`${id} left out: ${why}`)}\n`);
    say(`${written} written, ${unchanged} unchanged, ${refused.length} left out`);
    return refused.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof DumpError)) throw error;
    throw new Problem(`${file} is not imported: ${error.message}`, { cause: error });
  } finally {
    await place.close();
  }
}
