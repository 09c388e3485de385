// What is above the list and folded: the trend, the time to sync, and the archive as a whole. What is
// in them is loaded when one is opened.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { PANELS } from '../../archives/panels.tsx';
import { worst } from '../../core/documents/vocabulary.ts';
import { StatusSign } from '../shared/badge.tsx';
import { catalogue, chosen } from '../shared/catalogue.ts';
import { report } from '../shared/status.ts';
import { historyPart } from './state.ts';

/** Their place is kept, so that nothing moves when the history is loaded. */
export function Folds() {
  const OfHistory = historyPart.value?.Folds;
  return (
    <section class="folds" aria-label="More">
      {OfHistory && <OfHistory />}
      {catalogue.wholeChecks.length > 0 && <WholeFold />}
    </section>
  );
}

function WholeFold() {
  const [content, take] = useState<ComponentChildren>(null);
  const open = async () => {
    const [{ Whole }, Panel] = await Promise.all([import('./whole.tsx'), PANELS[chosen.id]?.()]);
    take(<Whole>{Panel && <Panel />}</Whole>);
  };
  const statuses = Object.values(report()?.checks ?? {}).map(({ status }) => status);
  if (statuses.length === 0 && !PANELS[chosen.id]) return null;
  return (
    <details class="whole" onToggle={() => void open()}>
      <summary>
        The archive as a whole {statuses.length > 0 && <StatusSign status={worst(statuses)} />}
      </summary>
      {content ?? <p class="waiting">Loading…</p>}
    </details>
  );
}
