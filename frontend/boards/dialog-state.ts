// Which dialog of boards is open.

import { signal } from '@preact/signals';

export type OpenDialog =
  | { readonly kind: 'save' | 'mine' | 'edit' | 'share' }
  /** Id of the widget; null for a new one. */
  | { readonly kind: 'widget'; readonly id: string | null };

export const dialog = signal<OpenDialog | null>(null);

/** Through the browser, which gives the focus back. */
export function closeDialog(): void {
  document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
}
