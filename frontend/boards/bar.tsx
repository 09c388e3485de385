// The open board above the list: its title and notes, what changed, what went wrong, its widgets.

import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { counted, longDate } from '../../core/documents/format.ts';
import { ENTRY } from '../shared/catalogue.ts';
import { say } from '../shared/clipboard.ts';
import { useGroup } from '../shared/group.ts';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { arranging } from './arranging.ts';
import { dialog } from './dialog-state.ts';
import { pinnedHere } from './document.ts';
import { chooseBoardFile } from './files.ts';
import { list } from './port.ts';
import {
  board,
  closeBoard,
  discard,
  fork,
  isChanged,
  type Open,
  openBoard,
  problem,
  reload,
  retry,
  saveChanges,
} from './state.ts';

export function Board() {
  const state = board.value;
  return (
    <>
      {state.kind === 'loading' && (
        <section class="board" aria-label="Board">
          <p class="waiting">Loading the board…</p>
        </section>
      )}
      {state.kind === 'trouble' && <NotOpened text={state.text} mayRetry={state.mayRetry} />}
      {state.kind === 'open' && <OpenBoard open={state} />}
      {dialog.value && <Loaded load={loadDialogs} failed="The dialog could not be loaded." />}
    </>
  );
}

const loadDialogs = async () => (await import('./dialogs.tsx')).Dialogs;
const loadWidgets = async () => (await import('./widgets.tsx')).Widgets;

interface LoadedProps {
  readonly load: () => Promise<ComponentType>;
  readonly failed: string;
  readonly children?: ComponentChildren;
}

/** @param children shown until it is loaded */
function Loaded({ load, failed, children }: LoadedProps) {
  const [Part, take] = useState<ComponentType | null>(null);
  useEffect(() => {
    load().then(
      (part) => take(() => part),
      () => {
        dialog.value = null;
        say(failed);
      },
    );
  }, []);
  return Part ? <Part /> : children;
}

function NotOpened({ text, mayRetry }: { readonly text: string; readonly mayRetry: boolean }) {
  return (
    <section class="board not-opened" aria-label="Board">
      <p role="alert">
        <Icon sign="warning" /> {text}
      </p>
      <div class="board-actions">
        {mayRetry && (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )}
        <button type="button" onClick={() => void chooseBoardFile()}>
          Open a file…
        </button>
        <button type="button" onClick={closeBoard}>
          Close
        </button>
      </div>
    </section>
  );
}

function OpenBoard({ open }: { readonly open: Open }) {
  const { draft, leftOut, changedAt, saved } = open;
  const absent = absentPins(open);
  return (
    <section class="board" aria-labelledby="board-title">
      <header>
        <h2 id="board-title">
          <bdi>{visible(draft.title)}</bdi>
        </h2>
        <Actions open={open} />
      </header>
      {saved === null ? (
        <p class="board-line" role="status">
          This board is from a file and saved nowhere.{' '}
          <button
            type="button"
            class="plain"
            onClick={() => {
              dialog.value = { kind: 'save' };
            }}
          >
            Save
          </button>
        </p>
      ) : (
        isChanged.value && (
          <p class="board-line changed" role="status">
            Changed from the board —{' '}
            <button type="button" class="plain" onClick={() => void saveChanges()}>
              Save
            </button>{' '}
            ·{' '}
            <button type="button" class="plain" onClick={discard}>
              Discard
            </button>
          </p>
        )
      )}
      <ProblemLine />
      {changedAt !== null && (
        <p class="board-line quiet">
          This board was changed after this link was made
          {changedAt && `, on ${longDate(changedAt)}`}.
        </p>
      )}
      {leftOut && <p class="board-line quiet">{leftOut}</p>}
      {absent > 0 && (
        <p class="board-line quiet">
          {counted(absent, `pinned ${ENTRY}`)} {absent === 1 ? 'is' : 'are'} not listed here.
        </p>
      )}
      {draft.notes !== '' && (
        <p class="board-notes">{draft.notes.split('\n').map(visible).join('\n')}</p>
      )}
      {draft.widgets.length > 0 && (
        <Loaded load={loadWidgets} failed="The widgets could not be loaded.">
          <p class="waiting">Loading the widgets…</p>
        </Loaded>
      )}
    </section>
  );
}

function absentPins({ draft }: Open): number {
  if (draft.pinned.length === 0) return 0;
  const ids = new Set(list().index.value.ids);
  return draft.pinned.length - pinnedHere(draft).filter((id) => ids.has(id)).length;
}

function Actions({ open }: { readonly open: Open }) {
  const actions = useGroup();
  const opener = (kind: 'edit' | 'share') => () => {
    dialog.value = { kind };
  };
  return (
    <div class="board-actions" role="toolbar" aria-label="Board" ref={actions}>
      <button type="button" aria-haspopup="dialog" onClick={opener('edit')}>
        Edit
      </button>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => {
          dialog.value = { kind: 'widget', id: null };
        }}
      >
        Add widget
      </button>
      {open.draft.widgets.length > 0 && (
        <button
          type="button"
          aria-pressed={arranging.value}
          onClick={() => {
            arranging.value = !arranging.value;
          }}
        >
          Arrange
        </button>
      )}
      <button type="button" aria-haspopup="dialog" onClick={opener('share')}>
        Share
      </button>
      <button type="button" onClick={closeBoard}>
        Close
      </button>
    </div>
  );
}

const REMEDIES = {
  reload: ['Reload', reload],
  overwrite: ['Overwrite', () => saveChanges('overwrite')],
  fork: ['Fork', fork],
  retry: ['Try again', () => saveChanges()],
} as const;

function ProblemLine() {
  const wrong = problem.value;
  if (wrong === null || openBoard() === null) return null;
  return (
    <p class="board-line wrong" role="alert">
      <Icon sign="warning" /> {wrong.text}
      {wrong.remedies.map((remedy) => (
        <button key={remedy} type="button" onClick={() => void REMEDIES[remedy][1]()}>
          {REMEDIES[remedy][0]}
        </button>
      ))}
    </p>
  );
}
