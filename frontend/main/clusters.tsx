// Clusters of datasets with the same likely cause, the largest first; and the bucket's content of
// datasets that are not public.

import { PANELS } from '../../archives/panels.tsx';
import type { Cause } from '../../core/documents/catalogue.ts';
import { counted, number } from '../../core/documents/format.ts';
import { CAUSES, catalogue, chosen, ENTRY } from '../shared/catalogue.ts';
import { choiceCounts, show, view } from './state.ts';
import { toggled } from './view.ts';

const Panel = PANELS[chosen.id];

export function Clusters() {
  const counts = choiceCounts.value.causes;
  const chosen = view.value.causes;
  const clusters = catalogue.causes
    .map((cause, place) => ({ cause, count: counts[place] ?? 0 }))
    .filter(({ cause, count }) => count > 0 || chosen.includes(cause.id))
    .sort(
      (a, b) =>
        Number(a.cause.unexplained ?? 0) - Number(b.cause.unexplained ?? 0) || b.count - a.count,
    );
  return (
    <section class="causes" aria-labelledby="clusters">
      <h2 id="clusters">Likely causes</h2>
      {clusters.length === 0 ? (
        <p class="quiet">No likely cause is known for these datasets.</p>
      ) : (
        <ul>
          {clusters.map((cluster) => (
            <li key={cluster.cause.id}>
              <Cluster {...cluster} pressed={chosen.includes(cluster.cause.id)} />
            </li>
          ))}
        </ul>
      )}
      {Panel && <Panel />}
    </section>
  );
}

function Cluster({ cause, count, pressed }: { cause: Cause; count: number; pressed: boolean }) {
  const { id, label, says } = cause;
  return (
    <button
      type="button"
      class="cluster"
      aria-pressed={pressed}
      title={`${says} Shows ${counted(count, ENTRY)}.`}
      onClick={() => show({ ...view.value, causes: toggled(view.value.causes, id, CAUSES) })}
    >
      <span>{label}</span> <span class="count">{number(count)}</span>
    </button>
  );
}
