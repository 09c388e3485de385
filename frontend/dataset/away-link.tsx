// Links away, built from checked parts only: a place without a safe address is not offered.

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
