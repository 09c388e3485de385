// Entry of changes.html.

import './shared/common.ts';
import { render } from 'preact';
import { Page } from './changes/page.tsx';
import { start } from './changes/state.ts';
import { listenForKeys } from './shared/shortcuts.ts';

const root = document.getElementById('page');
if (root) {
  start();
  listenForKeys(() => null);
  render(<Page />, root);
}
