// A clear message if something cannot be shown: never a blank, never a false green.

import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';

interface Props {
  readonly title: string;
  /** True if the page shows nothing else: its title is then the page's heading. */
  readonly alone?: boolean;
  readonly children: ComponentChildren;
}

export function Trouble({ title, alone = false, children }: Props) {
  return (
    <div class="trouble" role="alert">
      <Icon sign="warning" />
      <div>
        {alone ? <h1>{title}</h1> : <strong>{title}</strong>}
        <p>{children}</p>
      </div>
    </div>
  );
}
