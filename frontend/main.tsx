// Entry of index.html.

import './shared/common.ts';
import { render } from 'preact';
import { Page } from './main/page.tsx';
import { start } from './main/state.ts';
import { SEARCH_ID } from './main/toolbar.tsx';
import { listenForKeys } from './shared/shortcuts.ts';

const root = document.getElementById('page');
if (root) {
  start();
  listenForKeys(() => document.getElementById(SEARCH_ID) as HTMLInputElement | null);
  render(<Page />, root);
}
