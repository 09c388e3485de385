// The dialogs, which are loaded when one of them opens.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { say, toCopyByHand } from './clipboard.ts';

export const helpOpen = signal(false);

const loaded = signal<typeof import('./help.tsx') | null>(null);

export function Dialogs() {
  const isWanted = helpOpen.value || toCopyByHand.value !== null;
  useEffect(() => {
    if (!isWanted || loaded.value) return;
    import('./help.tsx').then(
      (parts) => {
        loaded.value = parts;
      },
      () => say('The help could not be loaded.'),
    );
  }, [isWanted]);
  const parts = loaded.value;
  return (
    isWanted &&
    parts && (
      <>
        <parts.Help />
        <parts.CopyByHand />
      </>
    )
  );
}
