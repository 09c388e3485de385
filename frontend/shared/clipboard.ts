// Gives text to the person: to the clipboard or as a file. If the page may not use the clipboard,
// the text is shown for copying by hand.

import { signal } from '@preact/signals';

/** Announced to everyone, including screen readers; see notice.tsx. */
export const notice = signal('');
/** Text that could not be copied; null if there is none. */
export const toCopyByHand = signal<string | null>(null);

export function say(text: string): void {
  // The same text twice must be announced twice.
  notice.value = notice.value === text ? `${text}\u00a0` : text;
}

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    toCopyByHand.value = text;
  }
}

export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has the file after it has handled the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  say(`${name} saved.`);
}
