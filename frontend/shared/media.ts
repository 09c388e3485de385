// The medium: a narrow screen, or paper.

import { signal } from '@preact/signals';
import { options } from 'preact';

/** As style.css has it. */
const NARROW = '(max-width: 820px)';

function follows(query: string, immediately: boolean) {
  const list = matchMedia(query);
  const state = signal(list.matches);
  list.addEventListener('change', () => {
    if (immediately)
      now(() => {
        state.value = list.matches;
      });
    else state.value = list.matches;
  });
  return state;
}

/** Rows as cards. */
export const compact = follows(NARROW, false);
/** Paper does not scroll: everything is rendered synchronously, before the browser captures it. */
export const printing = follows('print', true);

/** Renders the result of a change before it returns. */
function now(change: () => void): void {
  const before = options.debounceRendering;
  options.debounceRendering = (render) => render();
  change();
  if (before) options.debounceRendering = before;
  else delete options.debounceRendering;
}
