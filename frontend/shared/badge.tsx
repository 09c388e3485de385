// A status as icon and word; and the sign of a status only, for dense cells.

import type { Status } from '../../core/documents/vocabulary.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { Icon } from './icons.tsx';

export function Badge({ status }: { status: Status }) {
  return (
    <span class={`badge ${status}`}>
      <Icon sign={status} />
      {STATUS_WORDS[status]}
    </span>
  );
}

/** The sign has the status' colour; its word is for readers who do not see it. */
export function StatusSign({ status }: { status: Status }) {
  return <Icon sign={status} label={STATUS_WORDS[status]} />;
}
