// Boards, and the list of boards, as files: no server takes part.

import { counted } from '../../core/documents/format.ts';
import { download, say } from '../shared/clipboard.ts';
import type { Content } from './document.ts';
import { addMine, mine, readMine } from './mine.ts';
import { fileText, openText } from './state.ts';

/** Null if none was chosen. */
function chooseFile(): Promise<string | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'application/json,.json';
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0]?.text() ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** @returns whether a board was opened */
export async function chooseBoardFile(): Promise<boolean> {
  const text = await chooseFile();
  if (text === null) return false;
  const wrong = openText(text);
  say(wrong ?? 'The board is opened.');
  return wrong === null;
}

/** `Broken exports` is in `board-broken-exports.json`. */
export function saveBoardFile(content: Content): void {
  const name = content.title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  download(`board${name && `-${name.slice(0, 60)}`}.json`, 'application/json', fileText(content));
}

export function saveListFile(): void {
  download('my-boards.json', 'application/json', `${JSON.stringify(mine.value, null, 2)}\n`);
}

export async function chooseListFile(): Promise<void> {
  const text = await chooseFile();
  if (text === null) return;
  let entries: ReturnType<typeof readMine> = [];
  try {
    entries = readMine(JSON.parse(text));
  } catch {
    // Nothing of it can be read.
  }
  if (entries.length === 0) say('There is no list of boards in that file.');
  else say(`${counted(addMine(entries), 'board')} added to the list.`);
}
