// How many datasets have each status, with what changed since yesterday and since 30 days.

import { longDate, number } from '../../core/documents/format.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { OVERALL } from '../../core/history/verdict-text.ts';
import { Badge } from '../shared/badge.tsx';
import { changeWords, countsAt, type StatusCount } from './counts-data.ts';
import { indexOfArchive, stepsOf, type Told, useTold } from './history.ts';
import { NotTold } from './not-told.tsx';
import type { WidgetOf } from './widget-document.ts';

interface Props {
  readonly widget: WidgetOf<'counts'>;
}

interface Counts {
  readonly lastRun: string;
  readonly counts: readonly StatusCount[];
}

const DAYS_BACK = 31 * 86_400_000;

async function load({ archive, check = OVERALL }: Props['widget']): Promise<Told<Counts>> {
  const index = await indexOfArchive(archive);
  if (index.kind !== 'told') return index;
  const { lastRun } = index.value;
  const end = Date.parse(lastRun);
  const all = await Promise.all(
    STATUSES.map((status) =>
      stepsOf(`${archive}.${check}.${status}`, { begin: end - DAYS_BACK, end }),
    ),
  );
  const steps = all.flatMap((one) => (one.kind === 'told' ? [one.value] : []));
  if (steps.length < all.length) return all.find(({ kind }) => kind !== 'told') as Told<Counts>;
  return { kind: 'told', value: { lastRun, counts: countsAt(steps, end) } };
}

export function CountsWidget({ widget }: Props) {
  const told = useTold(`${widget.archive} ${widget.check}`, () => load(widget));
  if (told?.kind !== 'told') {
    return <NotTold told={told} absent="The history has no numbers of it." />;
  }
  const { lastRun, counts } = told.value;
  return (
    <div class="widget-body" tabIndex={0} role="group" aria-label="Statuses">
      <table class="count-table" aria-label={`Statuses on ${longDate(lastRun)}`}>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Now</th>
            <th scope="col">Since yesterday</th>
            <th scope="col">Since 30 days</th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ status, now, sinceYesterday, since30Days }) => (
            <tr key={status}>
              <th scope="row">
                <Badge status={status} />
              </th>
              <td>{now === null ? 'not known' : number(now)}</td>
              <td>{changeWords(sinceYesterday)}</td>
              <td>{changeWords(since30Days)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="unseen">
        {counts
          .map(
            ({ status, now }) =>
              `${STATUS_WORDS[status]}: ${now === null ? 'not known' : number(now)}`,
          )
          .join(', ')}
      </p>
    </div>
  );
}
