// A widget without its numbers: they are loading, or why there are none.

import type { Told } from './history.ts';

interface Props {
  readonly told: Told<unknown> | null;
  readonly absent: string;
}

export const NotTold = ({ told, absent }: Props) => (
  <div class="widget-body" tabIndex={0} role="group" aria-label="No numbers">
    {told === null ? (
      <p class="waiting">Loading…</p>
    ) : (
      <p class="quiet">{told.kind === 'absent' ? absent : 'The numbers could not be loaded.'}</p>
    )}
  </div>
);
