// The strips of a dataset: for each check a line of time, coloured and patterned by status. A spell
// tells itself where the pointer or the focus is; the arrow keys walk through the spells. The table
// below says the same.

import { useRef, useState } from 'preact/hooks';
import { moment } from '../../core/documents/format.ts';
import { lengthOf, type Spell } from '../../core/history/spells.ts';
import { endOf, isMinute } from '../../core/history/strips.ts';
import { statusOfVerdict } from '../../core/history/verdict-text.ts';
import { visible } from '../shared/visible.ts';
import type { Index } from './documents.ts';
import {
  isOlder,
  lastOf,
  nextStop,
  placeOf,
  rangeWords,
  type Shown,
  type Stop,
  type Strip,
  spellWords,
  type Time,
  ticksOf,
  verdictOf,
} from './strip-data.ts';
import { daysNumber } from './sync-words.ts';

interface Props {
  readonly strips: readonly Strip[];
  readonly time: Time;
  readonly shown: Shown;
  readonly gaps: Index['gaps'];
}

export function StripChart({ strips, time, shown, gaps }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [told, tell] = useState('');
  // Tab stops at one spell only: the newest one of the first strip, until the arrow keys move it.
  const [stop, moveStop] = useState<Stop>({ row: 0, place: (strips[0]?.spells.length ?? 1) - 1 });
  const go = (to: Stop) => {
    moveStop(to);
    const spell = `[data-row="${to.row}"][data-spell="${to.place}"]`;
    frame.current?.querySelector<HTMLElement>(spell)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = nextStop(strips, stop, event.key);
    if (to === null) return;
    event.preventDefault();
    go(to);
  };
  const between = (from: string, to: string) => ({
    left: `${placeOf(time, from)}%`,
    width: `${placeOf(time, to) - placeOf(time, from)}%`,
  });
  return (
    <div
      class="strips"
      role="group"
      aria-label="Verdicts over time"
      ref={frame}
      onKeyDown={onKeyDown}
    >
      {strips.map((strip, row) => (
        <div key={strip.check} class="strip-row">
          <span class="strip-name">{strip.name}</span>
          <div class="strip" role="group" aria-label={strip.name}>
            {strip.spells.map((spell, place) => {
              const words = visible(spellWords(strip, spell, time, shown));
              const isStop = row === stop.row && place === stop.place;
              return (
                <span
                  key={spell.from}
                  role="img"
                  class={classOf(spell)}
                  aria-label={words}
                  tabIndex={isStop ? 0 : -1}
                  data-row={row}
                  data-spell={place}
                  style={between(spell.from, spell.to ?? time.end)}
                  onFocus={() => {
                    moveStop({ row, place });
                    tell(`${strip.name}: ${words}`);
                  }}
                  onPointerEnter={() => tell(`${strip.name}: ${words}`)}
                />
              );
            })}
            {strip.unverified.map(([from, to]) => (
              <i key={from} class="unmeasured" style={between(from, to)} />
            ))}
            {gaps.map(([from, to]) => (
              <i key={from} class="no-run" style={between(from, endOf(to))} />
            ))}
          </div>
        </div>
      ))}
      <div class="strip-row" aria-hidden="true">
        <span />
        <div class="ticks">
          {ticksOf(time).map(({ day, label }) => (
            <span key={day} style={{ left: `${placeOf(time, day)}%` }}>
              {label}
            </span>
          ))}
        </div>
      </div>
      <p class="told" aria-hidden="true">
        {told || 'Point at a spell, or walk through them with the arrow keys.'}
      </p>
    </div>
  );
}

const momentText = (at: string): string => (isMinute(at) ? moment(at) : at);

const classOf = ({ verdict, isListed }: Spell): string =>
  verdict === null
    ? `spell ${isListed ? 'unmade' : 'unlisted'}`
    : `spell ${statusOfVerdict(verdict)}`;

/** The same in a table, newest first. */
export function StripTable({ strips, time, shown }: Omit<Props, 'gaps'>) {
  return (
    <div class="past-table" tabIndex={0} role="group" aria-label="Spells as a table">
      <table aria-label="Spells, newest first">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Verdict</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Days</th>
          </tr>
        </thead>
        <tbody>{strips.flatMap((strip) => rowsOf(strip, time, shown))}</tbody>
      </table>
    </div>
  );
}

function rowsOf(strip: Strip, time: Time, shown: Shown) {
  const spells = strip.spells.toReversed().map((spell) => (
    <tr key={`${strip.check} ${spell.from}`}>
      <th scope="row">{strip.name}</th>
      <td>{visible(verdictOf(strip, spell))}</td>
      <td>{isOlder(spell, time, shown) ? `before ${spell.from}` : momentText(spell.from)}</td>
      <td>{spell.to === null ? 'lasts' : momentText(spell.to)}</td>
      <td>{daysNumber(lengthOf(spell, time.now))}</td>
    </tr>
  ));
  const failed = strip.unverified.toReversed().map(([from, to]) => (
    <tr key={`${strip.check} failed ${from}`}>
      <th scope="row">{strip.name}</th>
      <td title={rangeWords(from, lastOf(to))}>could not be measured</td>
      <td>{momentText(from)}</td>
      <td>{momentText(to)}</td>
      <td>{daysNumber(lengthOf({ from, to }, time.now))}</td>
    </tr>
  ));
  return [...spells, ...failed];
}
