// The history on a dataset's page: since when, how often, how long, and the strips. Loaded after the
// rest of the page.

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import '../shared/common.ts';
import { counted, number } from '../../core/documents/format.ts';
import { feedPath } from '../../core/history/paths.ts';
import { endedSpells, isBad, median } from '../../core/history/spells.ts';
import { OVERALL } from '../../core/history/verdict-text.ts';
import { verdictWords } from '../../core/history/words.ts';
import { catalogue, DATA } from '../shared/catalogue.ts';
import type { Loaded } from '../shared/load.ts';
import { visible } from '../shared/visible.ts';
import { BadgeFold } from './badge-fold.tsx';
import { type Index, loadChanges, loadIndex, loadStrips } from './documents.ts';
import {
  factsOf,
  lengthWords,
  rangeWords,
  type Shown,
  type Strip,
  spellWords,
  stripsOf,
  type Time,
  timeOf,
  verdictOf,
} from './strip-data.ts';
import { StripChart, StripTable } from './strips.tsx';
import { SnapshotTimes } from './sync.tsx';
import { daysText } from './sync-words.ts';

/** Sentences of loadUsual(). */
const usual = signal<readonly string[]>([]);

/** Null if there is none, or it cannot be read. */
export async function loadPart(id: string): Promise<FunctionComponent | null> {
  const [index, document] = await Promise.all([loadIndex(), loadStrips(id)]);
  return partOf(id, index, document);
}

/** The same of a withdrawn dataset, which may have left before the history began. */
export async function loadWithdrawn(id: string): Promise<FunctionComponent | null> {
  const index = await loadIndex();
  const isKnown = index.kind === 'loaded' && Object.hasOwn(index.value.withdrawn, id);
  return isKnown ? partOf(id, index, await loadStrips(id)) : null;
}

function partOf(
  id: string,
  index: Loaded<Index>,
  document: Loaded<Shown>,
): FunctionComponent | null {
  if (index.kind !== 'loaded' || document.kind !== 'loaded') return null;
  const shown = document.value;
  const time = timeOf(shown, index.value);
  const strips = stripsOf(shown, time);
  void loadUsual(strips, index.value).then((lines) => {
    usual.value = lines;
  });
  return () => <History {...{ id, index: index.value, shown, time, strips }} />;
}

interface Props {
  readonly strips: readonly Strip[];
  readonly time: Time;
  readonly shown: Shown;
}

interface WholeProps extends Props {
  readonly id: string;
  readonly index: Index;
}

function History({ id, index, shown, time, strips }: WholeProps) {
  const gaps = index.gaps.filter(([, to]) => to >= time.first);
  return (
    <section class="past" aria-labelledby="past">
      <h2 id="past">History</h2>
      <Facts strips={strips} time={time} shown={shown} />
      <StripChart strips={strips} time={time} shown={shown} gaps={gaps} />
      <Gaps gaps={gaps} />
      {shown.truncated && <p class="quiet">Older verdicts are not kept.</p>}
      <StripTable strips={strips} time={time} shown={shown} />
      <SnapshotTimes snapshots={shown.snapshots} run={index.lastRun} />
      {index.hasFeeds && shown.hasNews && (
        <p>
          <a href={DATA + feedPath(id)}>Atom feed</a>
        </p>
      )}
      {index.hasBadges && <BadgeFold id={id} />}
    </section>
  );
}

function Facts({ strips, time, shown }: Props) {
  const overall = strips.find(({ check }) => check === OVERALL);
  const last = overall?.spells.at(-1);
  const { times, days, longest } = factsOf(strips, time);
  return (
    <ul class="past-facts">
      {overall && last && (
        <li>
          <b>{verdictOf(overall, last)}</b> {lengthWords(last, time, shown)}.
        </li>
      )}
      <li>
        {times === 0
          ? 'Never out of step in the last year, as far as it was watched.'
          : `Not in step ${counted(times, 'time')} in the last year, ${daysText(days)} in all.`}
      </li>
      {longest && (
        <li>
          Longest: {longest.strip.name},{' '}
          {visible(spellWords(longest.strip, longest.spell, time, shown))}.
        </li>
      )}
      {usual.value.map((line) => (
        <li key={line}>{visible(line)}</li>
      ))}
    </ul>
  );
}

const FEWEST = 10;
const MONTHS = 13;

/** How long findings like the present ones lasted in this archive, if enough of them have ended. */
async function loadUsual(strips: readonly Strip[], { months }: Index): Promise<readonly string[]> {
  const present = strips.flatMap(({ check, spells }) => {
    const last = spells.at(-1);
    if (check === OVERALL || !last || last.to !== null || !isBad(last)) return [];
    return last.verdict === null ? [] : [{ check, verdict: last.verdict }];
  });
  if (present.length === 0) return [];
  const loaded = await Promise.all(months.slice(-MONTHS).map(loadChanges));
  if (loaded.some(({ kind }) => kind !== 'loaded')) return [];
  const events = loaded.flatMap((month) => (month.kind === 'loaded' ? month.value : []));
  return present.flatMap(({ check, verdict }) => {
    const ended = endedSpells(events, check, verdict);
    const days = median(ended);
    if (ended.length < FEWEST || days === null) return [];
    const rounded = Math.round(days * 10) / 10;
    return [
      `${verdictWords(catalogue, check, verdict)} usually lasts ${rounded} ${rounded === 1 ? 'day' : 'days'} here (median of ${number(ended.length)} that ended in the last year).`,
    ];
  });
}

/** More than these are counted. */
const FEW_GAPS = 4;

function Gaps({ gaps }: Pick<Index, 'gaps'>) {
  if (gaps.length === 0) return null;
  return (
    <p class="quiet">
      {gaps.length <= FEW_GAPS
        ? `No run: ${gaps.map(([from, to]) => rangeWords(from, to)).join('; ')}.`
        : `White: no run (${number(gaps.length)} times).`}
    </p>
  );
}
