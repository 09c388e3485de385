// The summary: one sentence, what changed since yesterday, and a card per status that filters by it.

import { number } from '../../core/documents/format.ts';
import { sentence } from '../../core/documents/sentences.ts';
import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { useGroup } from '../shared/group.ts';
import { Icon } from '../shared/icons.tsx';
import { historyPart, show, statusCounts, view } from './state.ts';
import { toggled } from './view.ts';

export function Cards() {
  const counts = statusCounts.value;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const chosen = view.value.statuses;
  const cards = useGroup();
  const Since = historyPart.value?.SinceYesterday;
  return (
    <section class="summary" aria-label="Summary">
      <h1>{sentence(counts)}</h1>
      <p class="since">{Since && <Since />}</p>
      <div class="cards" role="toolbar" aria-label="Filter by status" ref={cards}>
        <Card
          name="All"
          count={total}
          total={total}
          pressed={chosen.length === 0}
          press={() => show({ ...view.value, statuses: [] })}
        />
        {STATUSES.map((status, place) => (
          <Card
            key={status}
            status={status}
            name={STATUS_WORDS[status]}
            count={counts[place] ?? 0}
            total={total}
            pressed={chosen.includes(status)}
            press={() => show({ ...view.value, statuses: toggled(chosen, status, STATUSES) })}
          />
        ))}
      </div>
    </section>
  );
}

interface CardProps {
  readonly status?: Status;
  readonly name: string;
  readonly count: number;
  readonly total: number;
  readonly pressed: boolean;
  readonly press: () => void;
}

function Card({ status, name, count, total, pressed, press }: CardProps) {
  return (
    <button type="button" class={`card ${status ?? 'all'}`} aria-pressed={pressed} onClick={press}>
      <span class="word">
        {status && <Icon sign={status} />}
        {name}
      </span>
      <span class="count">{number(count)}</span>
      <svg class="share" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="3" />
        <rect class="part" width={total > 0 ? (100 * count) / total : 0} height="3" />
      </svg>
    </button>
  );
}
