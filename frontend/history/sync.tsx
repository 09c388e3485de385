// How long new snapshots take to arrive: of the archive by month, and of one dataset.

import { date, number } from '../../core/documents/format.ts';
import type { Strips } from '../../core/history/strips-document.ts';
import { chosen } from '../shared/catalogue.ts';
import { visible } from '../shared/visible.ts';
import { ARRIVALS } from './arrivals.ts';
import { arrivalText, daysText, resolutionText, type Shown, syncSentence } from './sync-words.ts';

export const PLACES = ARRIVALS[chosen.id] ?? [];

/** The sentence, which opens to the months. */
export function SyncFold({ sync }: { readonly sync: Shown }) {
  return (
    <details class="sync">
      <summary>{syncSentence(sync, PLACES)}</summary>
      <div class="scrolls">
        <table aria-label="Time to sync by month">
          <thead>
            <tr>
              <th scope="col">Created in</th>
              <th scope="col">Snapshots</th>
              {PLACES.map(({ place, label }) => (
                <th key={place} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sync.months.toReversed().map(({ month, snapshots, places }) => (
              <tr key={month}>
                <th scope="row">{month}</th>
                <td>{number(snapshots)}</td>
                {PLACES.map(({ place }) => (
                  <td key={place}>{inOneCell(places[place])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet">
        Median; in brackets the time within which nine of ten arrived. What is waiting counts as
        having taken longer than so far. {resolutionText(sync)}
      </p>
    </details>
  );
}

function inOneCell(of: Shown['months'][number]['places'][string] | undefined): string {
  if (of === undefined) return 'not known';
  const { median, p90, waiting, replaced } = of;
  const half = median === null ? 'fewer than half' : daysText(median);
  const most = p90 === null ? '' : ` (${daysText(p90)})`;
  const still = waiting === 0 ? '' : `, ${number(waiting)} waiting`;
  const never = replaced === 0 ? '' : `, ${number(replaced)} never`;
  return `${half}${most}${still}${never}`;
}

interface SnapshotsProps {
  readonly snapshots: NonNullable<Strips['snapshots']>;
  /** Start of the newest run. */
  readonly run: string;
}

/** A dataset's snapshots, newest first. */
export function SnapshotTimes({ snapshots, run }: SnapshotsProps) {
  if (snapshots.length === 0 || PLACES.length === 0) return null;
  return (
    <div class="scrolls">
      <table aria-label="Time to sync">
        <thead>
          <tr>
            <th scope="col">Snapshot</th>
            <th scope="col">Created</th>
            {PLACES.map(({ place, label }) => (
              <th key={place} scope="col">
                {label} after
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {snapshots
            .map((one, place) => ({ one, next: snapshots[place + 1] }))
            .reverse()
            .map(({ one, next }) => (
              <tr key={one.version}>
                <th scope="row">
                  <code>{visible(one.version)}</code>
                </th>
                <td>{date(one.created)}</td>
                {PLACES.map(({ place }) => (
                  <td key={place}>{arrivalText(one, place, next, run)}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
