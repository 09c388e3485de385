// A clear message if something cannot be shown: never a blank, never a false green.

import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';

interface Props {
  readonly title: string;
  /** True if the page shows nothing else: its title is then the page's heading. */
  readonly alone?: boolean;
  /** Where the cause may have passed. */
  readonly tryAgain?: () => void;
  readonly children: ComponentChildren;
}

export function Trouble({ title, alone = false, tryAgain, children }: Props) {
  return (
    <div class="trouble" role="alert">
      <Icon sign="warning" />
      <div>
        {alone ? <h1>{title}</h1> : <strong>{title}</strong>}
        <p>{children}</p>
        {tryAgain && (
          <button type="button" onClick={tryAgain}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}
