// The boards that this browser knows: opens, forgets and deletes them, and takes the list away.

import { useState } from 'preact/hooks';
import { date } from '../../core/documents/format.ts';
import { copy, say } from '../shared/clipboard.ts';
import { visible } from '../shared/visible.ts';
import { closeDialog } from './dialog-state.ts';
import { chooseBoardFile, chooseListFile, saveListFile } from './files.ts';
import { forget, isKept, type Mine, mayChange, mine } from './mine.ts';
import { editAddress, linkOf, remove } from './state.ts';

export function MyBoards() {
  const openFile = async () => {
    if (await chooseBoardFile()) closeDialog();
  };
  return (
    <>
      {mine.value.length === 0 ? (
        <p class="quiet">None yet. Boards that you save or open are listed here.</p>
      ) : (
        <ul class="my-boards" aria-label="My boards">
          {mine.value.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {!isKept.value && (
        <p class="board-line">
          This browser lets the page store nothing: the list ends with the page.
        </p>
      )}
      <p class="quiet">
        The list and the edit keys stay in this browser. Forgetting a board takes it off the list,
        with its key; deleting it takes it from everybody.
      </p>
      <div class="dialog-actions">
        <button type="button" onClick={() => void openFile()}>
          Open a board from a file…
        </button>
        <button type="button" onClick={saveListFile}>
          Export the list
        </button>
        <button type="button" onClick={() => void chooseListFile()}>
          Import a list…
        </button>
      </div>
    </>
  );
}

function Entry({ entry }: { readonly entry: Mine }) {
  const { id, title, editKey, savedAt, seenAt } = entry;
  const [isAsking, ask] = useState(false);
  const [wrong, tell] = useState<string | null>(null);
  const name = visible(title) || 'Board without a title';
  const drop = () => {
    forget(id);
    say('Forgotten. The board is still there.');
  };
  const destroy = async () => {
    const problem = await remove(id);
    tell(problem?.text ?? null);
  };
  return (
    <li>
      <a href={linkOf(entry)}>
        <bdi>{name}</bdi>
      </a>
      <span class="quiet">
        {savedAt ? `saved ${date(savedAt)}` : `seen ${date(seenAt)}`}
        {mayChange(entry) ? '' : ', to read'}
      </span>
      <span class="entry-actions">
        {isAsking ? (
          <>
            <button type="button" class="danger" onClick={() => void destroy()}>
              Delete it for everybody
            </button>
            <button type="button" onClick={() => ask(false)}>
              Keep
            </button>
          </>
        ) : (
          <>
            {editKey && (
              <button
                type="button"
                aria-label={`Copy edit link of ${name}`}
                onClick={() => void copy(editAddress(id) ?? '', 'Edit link copied.')}
              >
                Copy edit link
              </button>
            )}
            <button type="button" aria-label={`Forget ${name}`} onClick={drop}>
              Forget
            </button>
            {mayChange(entry) && (
              <button type="button" aria-label={`Delete ${name}…`} onClick={() => ask(true)}>
                Delete…
              </button>
            )}
          </>
        )}
      </span>
      {wrong && (
        <p class="board-line wrong" role="alert">
          {wrong}
        </p>
      )}
    </li>
  );
}
