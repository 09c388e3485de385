// Links to the open board, copies of it, and its end.

import { useState } from 'preact/hooks';
import { copy } from '../shared/clipboard.ts';
import { closeDialog } from './dialog-state.ts';
import { saveBoardFile } from './files.ts';
import { entryOf, mayChange } from './mine.ts';
import {
  boardAddress,
  editAddress,
  fork,
  isChanged,
  openBoard,
  present,
  problem,
  remove,
} from './state.ts';

export function ShareDialog() {
  const open = openBoard();
  const content = present.value;
  const [isAsking, ask] = useState(false);
  const [wrong, tell] = useState<string | null>(null);
  if (open === null || content === null) return null;
  const id = open.saved?.id;
  const entry = id === undefined ? undefined : entryOf(id);
  const copyAs = async () => {
    await fork();
    if (problem.value === null) closeDialog();
    else tell(problem.value.text);
  };
  const destroy = async () => {
    if (id === undefined) return;
    const why = await remove(id);
    if (why === null) closeDialog();
    else tell(why.text);
  };
  return (
    <>
      <ul class="ways">
        {id !== undefined && (
          <Way
            does="Copy link"
            says={`Whoever has it can read the board.${isChanged.value ? ' It also tells how you changed the view; other changes are not saved.' : ''}`}
            act={() => void copy(boardAddress(), 'Link copied.')}
          />
        )}
        {id !== undefined && entry?.editKey && (
          <Way
            does="Copy edit link"
            says="Whoever has it can change and delete the board."
            act={() => void copy(editAddress(id) ?? '', 'Edit link copied.')}
          />
        )}
        {id !== undefined && (
          <Way
            does="Fork"
            says="Saves a copy of your own, which you can change."
            act={() => void copyAs()}
          />
        )}
        <Way
          does="Export as JSON"
          says="A file that every page of Mirrorwatch can open, without this server."
          act={() => saveBoardFile(content)}
        />
        {mayChange(entry) && !isAsking && (
          <Way does="Delete…" says="Takes the board from everybody." act={() => ask(true)} />
        )}
      </ul>
      {isAsking && (
        <div class="dialog-actions">
          <button type="button" class="danger" onClick={() => void destroy()}>
            Delete it for everybody
          </button>
          <button type="button" onClick={() => ask(false)}>
            Keep
          </button>
        </div>
      )}
      {wrong && (
        <p class="board-line wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}

interface WayProps {
  readonly does: string;
  readonly says: string;
  readonly act: () => void;
}

const Way = ({ does, says, act }: WayProps) => (
  <li>
    <button type="button" onClick={act}>
      {does}
    </button>
    <span class="quiet">{says}</span>
  </li>
);
