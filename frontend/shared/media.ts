// The medium: a narrow screen, or paper.

import { signal } from '@preact/signals';
import { options } from 'preact';

/** As style.css has them. Paper is as narrow as a small screen, and has rows. */
const NARROW = 'screen and (max-width: 700px)';
const WIDE = '(min-width: 1181px)';

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
/** There is room for filters beside the list. */
export const wide = follows(WIDE, false);
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
