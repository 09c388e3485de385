// Links to other sites, built only from checked parts: without a safe address there is no link.

import type { ComponentChildren } from 'preact';
import { Icon } from '../shared/icons.tsx';

export function Away({ to, children }: { to: string | null; children: ComponentChildren }) {
  if (to === null) return null;
  return (
    <a class="away" href={to} rel="noreferrer">
      {children}
      <Icon sign="away" />
    </a>
  );
}
