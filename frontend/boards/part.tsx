// Saved boards on the list's page (docs/boards.md): loaded after the list, where the server offers
// boards or the address names one. Dialogs and widgets are loaded when they are needed.

import '../shared/common.ts';
import { computed, effect, untracked } from '@preact/signals';
import { offersApi } from '../shared/load.ts';
import { singleKeys } from '../shared/settings.ts';
import { isThere } from './api.ts';
import { Board } from './bar.tsx';
import { dialog } from './dialog-state.ts';
import { followMine, isBoardId, isEditKey, remember } from './mine.ts';
import { type BoardsPart, type ListPort, lend } from './port.ts';
import { canSave, follow } from './state.ts';
import { STYLE } from './style.ts';

export function start(port: ListPort): BoardsPart {
  lend(port);
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  document.adoptedStyleSheets.push(style);
  followMine();
  takeEditKey();
  addEventListener('hashchange', takeEditKey);
  document.addEventListener('keydown', onKey);
  const query = computed(() => port.opened.value.query);
  effect(() => {
    const named = query.value;
    untracked(() => void follow(named));
  });
  effect(() => {
    if (offersApi.value) void isThere().then((is) => untracked(() => (canSave.value ||= is)));
  });
  return { Buttons, Board };
}

function Buttons() {
  if (!canSave.value) return null;
  return (
    <>
      <button
        type="button"
        class="save-view"
        aria-haspopup="dialog"
        aria-keyshortcuts="b"
        onClick={() => {
          dialog.value = { kind: 'save' };
        }}
      >
        Save view
      </button>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => {
          dialog.value = { kind: 'mine' };
        }}
      >
        My boards
      </button>
    </>
  );
}

function onKey(event: KeyboardEvent): void {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  const isTyping = target instanceof Element && target.matches('input, textarea, select');
  if (key !== 'b' || isTyping || ctrlKey || metaKey || altKey) return;
  if (!singleKeys.value || !canSave.value || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  dialog.value = { kind: 'save' };
}

/** The key of an edit link is kept, and no longer shown. The fragment is never sent to a server. */
function takeEditKey(): void {
  const key = /^#edit=(.*)$/.exec(location.hash)?.[1];
  if (key === undefined) return;
  const id = new URLSearchParams(location.search).get('board') ?? '';
  if (isBoardId(id) && isEditKey(key)) remember({ id, editKey: key });
  history.replaceState(history.state, '', location.pathname + location.search);
}
