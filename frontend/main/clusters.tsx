// Clusters of datasets that have the same likely cause, the largest first; and what lies in the
// bucket of datasets that are not public.

import { CAUSES, type Cause } from '../../archives/openneuro/vocabulary.ts';
import { counted, number } from '../../core/documents/format.ts';
import { byKnown, CAUSE_WORDS } from '../../core/documents/words.ts';
import { Leftovers } from './leftovers.tsx';
import { choiceCounts, show, view } from './state.ts';
import { toggled } from './view.ts';

export function Clusters() {
  const counts = choiceCounts.value.causes;
  const chosen = view.value.causes;
  const clusters = CAUSES.map((cause, place) => ({ cause, count: counts[place] ?? 0 }))
    .filter(({ cause, count }) => count > 0 || chosen.includes(cause))
    .sort((a, b) => byKnown(a.cause, b.cause) || b.count - a.count);
  return (
    <section class="causes" aria-labelledby="clusters">
      <h2 id="clusters">Likely causes</h2>
      {clusters.length === 0 ? (
        <p class="quiet">No likely cause is known for these datasets.</p>
      ) : (
        <ul>
          {clusters.map((cluster) => (
            <li key={cluster.cause}>
              <Cluster {...cluster} pressed={chosen.includes(cluster.cause)} />
            </li>
          ))}
        </ul>
      )}
      <Leftovers />
    </section>
  );
}

function Cluster({ cause, count, pressed }: { cause: Cause; count: number; pressed: boolean }) {
  const { label, says } = CAUSE_WORDS[cause];
  return (
    <button
      type="button"
      class="cluster"
      aria-pressed={pressed}
      title={`${says} Shows ${counted(count, 'dataset')}.`}
      onClick={() => show({ ...view.value, causes: toggled(view.value.causes, cause, CAUSES) })}
    >
      <span>{label}</span> <span class="count">{number(count)}</span>
    </button>
  );
}
