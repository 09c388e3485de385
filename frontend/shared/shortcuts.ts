// Keys that act wherever the focus is. Single keys never act while a person types.

import { helpOpen } from './dialogs.tsx';
import { singleKeys } from './settings.ts';

export function listenForKeys(search: () => HTMLInputElement | null): void {
  document.addEventListener('keydown', (event) => {
    const typing =
      event.target instanceof Element && event.target.matches('input, textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !singleKeys.value) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.key === '/') {
      const field = search();
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === '?') {
      event.preventDefault();
      helpOpen.value = true;
    }
  });
}
