// Entry of dataset.html.

import './shared/common.ts';
import { render } from 'preact';
import { OWN } from './dataset/cards.tsx';
import { Page } from './dataset/page.tsx';
import { start, VIEWER_SEARCH_ID } from './dataset/state.ts';
import { listenForKeys } from './shared/shortcuts.ts';

const root = document.getElementById('page');
if (root) {
  void start(
    new Set(Object.keys(OWN?.checks ?? {})),
    (id, row) => OWN?.load(id, row) ?? Promise.resolve(),
  );
  listenForKeys(() => document.getElementById(VIEWER_SEARCH_ID) as HTMLInputElement | null);
  render(<Page />, root);
}
