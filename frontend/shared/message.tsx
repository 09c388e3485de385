// What a reader must know before trusting the rest, shown above it.

import type { Message } from '../../core/documents/provenance.ts';
import { Icon } from './icons.tsx';
import { visible } from './visible.ts';

export function MessageBox({ of, label }: { of: Message | null; label: string }) {
  return (
    of && (
      <aside class="banner" aria-label={label}>
        <Icon sign="warning" />
        <div>
          <strong>{of.title}</strong>
          {of.why.map((sentence) => (
            <p key={sentence}>{visible(sentence)}</p>
          ))}
        </div>
      </aside>
    )
  );
}
