// Gives text to the person: to the clipboard or as a file. Where the clipboard is closed to the
// page, the text is shown to be copied by hand.

import { signal } from '@preact/signals';

/** Said to everyone, also by screen readers; see notice.tsx. */
export const notice = signal('');
/** Text that could not be copied; null when there is none. */
export const toCopyByHand = signal<string | null>(null);

export function say(text: string): void {
  // The same words twice must be said twice.
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
  // The browser has the file once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  say(`${name} saved.`);
}
