// The history of one dataset: a line of time, and the same as a table.

import { OVERALL } from '../../core/history/verdict-text.ts';
import type { Index } from '../history/documents.ts';
import { type Shown, spellWords, stripsOf as stripsIn, timeOf } from '../history/strip-data.ts';
import { StripChart, StripTable } from '../history/strips.tsx';
import { chosen, RESULTS } from '../shared/catalogue.ts';
import { datasetAddress } from '../shared/summary.ts';
import { visible } from '../shared/visible.ts';
import { indexOfArchive, stripsOf, type Told, useTold } from './history.ts';
import { NotTold } from './not-told.tsx';
import type { WidgetOf } from './widget-document.ts';
import { catalogueById } from './widget-titles.ts';

interface Props {
  readonly widget: WidgetOf<'strip'>;
}

interface History {
  readonly index: Index;
  readonly shown: Shown;
}

async function load({ dataset }: Props['widget']): Promise<Told<History>> {
  const [archive = '', id = ''] = dataset.split(':');
  const index = await indexOfArchive(archive);
  if (index.kind !== 'told') return index;
  const strips = await stripsOf(RESULTS + (catalogueById(archive)?.folder ?? ''), id);
  if (strips.kind === 'absent') return { kind: 'absent' };
  if (strips.kind !== 'loaded') return { kind: 'failed' };
  return { kind: 'told', value: { index: index.value, shown: strips.value } };
}

export function StripWidget({ widget }: Props) {
  const told = useTold(widget.dataset, () => load(widget));
  const [archive, id = ''] = widget.dataset.split(':');
  if (told?.kind !== 'told') return <NotTold told={told} absent={`${id} has no history here.`} />;
  const { index, shown } = told.value;
  const time = timeOf(shown, index);
  const strips = stripsIn(shown, time).filter(({ check }) => check === (widget.check ?? OVERALL));
  const gaps = index.gaps.filter(([, to]) => to >= time.first);
  const last = strips[0]?.spells.at(-1);
  return (
    <div class="widget-body" tabIndex={0} role="group" aria-label="History">
      <p>
        {archive === chosen.id ? <a href={datasetAddress(id)}>{id}</a> : id}
        {strips[0] && last
          ? `: ${visible(spellWords(strips[0], last, time, shown))}.`
          : ': this check was never made.'}
      </p>
      {strips.length > 0 && (
        <>
          <StripChart strips={strips} time={time} shown={shown} gaps={gaps} />
          <details class="numbers-fold">
            <summary>Spells as a table</summary>
            <StripTable strips={strips} time={time} shown={shown} />
          </details>
        </>
      )}
    </div>
  );
}
