// Entry of dataset.html.

import './shared/common.ts';
import { render } from 'preact';
import { start } from './dataset/load-page.ts';
import { Page } from './dataset/page.tsx';
import { VIEWER_SEARCH_ID } from './dataset/state.ts';
import { listenForKeys } from './shared/shortcuts.ts';

const root = document.getElementById('page');
if (root) {
  void start();
  listenForKeys(() => document.getElementById(VIEWER_SEARCH_ID) as HTMLInputElement | null);
  render(<Page />, root);
}
