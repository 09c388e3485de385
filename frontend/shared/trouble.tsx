// A clear message where something cannot be shown: never a blank, never a false green.

import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';

export function Trouble({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="trouble" role="alert">
      <Icon sign="warning" />
      <div>
        <strong>{title}</strong>
        <p>{children}</p>
      </div>
    </div>
  );
}
