// The dialogs, which are loaded when one of them opens.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { say, toCopyByHand } from './clipboard.ts';

export const helpOpen = signal(false);

/** What ./load-help.ts loads. */
export interface HelpParts {
  readonly Help: ComponentType;
  readonly CopyByHand: ComponentType;
}

const loaded = signal<HelpParts | null>(null);

/** @param load passed in, since the help imports what every page loads at first, and so this */
export function Dialogs({ load }: { readonly load: () => Promise<HelpParts> }) {
  const isWanted = helpOpen.value || toCopyByHand.value !== null;
  useEffect(() => {
    if (!isWanted || loaded.value) return;
    load().then(
      (parts) => {
        loaded.value = parts;
      },
      () => say('The help could not be loaded.'),
    );
  }, [isWanted, load]);
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
