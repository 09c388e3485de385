// Entry of index.html.

import './shared/common.ts';
import { render } from 'preact';
import { start } from './main/loading.ts';
import { Page } from './main/page.tsx';
import { followAddress } from './main/state.ts';
import { SEARCH_ID } from './main/toolbar.tsx';
import { listenForKeys } from './shared/shortcuts.ts';

const root = document.getElementById('page');
if (root) {
  followAddress();
  start();
  listenForKeys(() => document.getElementById(SEARCH_ID) as HTMLInputElement | null);
  render(<Page />, root);
}
