// The checks of a dataset: those that found something first and wide, those that wait for the same
// thing in one sentence, those that are in order as one line each. An archive may bring the evidence
// of a check; without, it is what the row has.

import type { ComponentChildren, FunctionComponent } from 'preact';
import { listed, number } from '../../core/documents/format.ts';
import type { CheckRow, Row } from '../../core/documents/rows.ts';
import { countsFrom } from '../../core/documents/words.ts';
import { archive, notChecked } from '../shared/archive.tsx';
import { Badge } from '../shared/badge.tsx';
import { catalogue } from '../shared/catalogue.ts';
import { visible } from '../shared/visible.ts';
import type { CardProps } from './archive-cards.ts';
import { Fact } from './check-card.tsx';
import { details, fixOf } from './chosen-details.ts';
import { EvidenceCard } from './evidence-card.tsx';
import { OWN } from './own-cards.ts';
import { evidence, WAITING } from './state.ts';

type Place = 'wrong' | 'waits' | 'fine' | 'unchecked';

/** By the row; without one nobody knows, so each check has a card of its own. */
function placeOf(row: Row | null, check: string): Place {
  if (row === null) return 'wrong';
  const own = row.checks[check];
  if (!own) return 'unchecked';
  if (own.status === 'ok') return 'fine';
  if (own.findings.length > 0) return 'wrong';
  // Its document has findings that do not count yet.
  return row.pending && reasonOf(row, check) === null && own.at !== null ? 'wrong' : 'waits';
}

const checksAt = (row: Row | null, place: Place) =>
  catalogue.checks.filter(({ id }) => placeOf(row, id) === place);

export function Cards({ id, row }: CardProps) {
  return <List id={id} row={row} place="wrong" label="What is wrong" />;
}

export function Fine({ id, row }: CardProps) {
  return <List id={id} row={row} place="fine" label="What is in order" />;
}

interface ListProps extends CardProps {
  readonly place: Place;
  readonly label: string;
}

function List({ id, row, place, label }: ListProps) {
  const checks = checksAt(row, place);
  if (checks.length === 0) return null;
  return (
    <section class={`checks ${place}`} aria-label={label}>
      {checks.map((check) => {
        const Card: FunctionComponent<CardProps> | undefined = OWN?.checks[check.id];
        return Card ? (
          <Card key={check.id} id={id} row={row} />
        ) : (
          <PlainCard key={check.id} check={check.id} row={row} />
        );
      })}
    </section>
  );
}

/** For a check without its own card: the content of its row. */
function PlainCard({ check, row }: { check: string; row: Row | null }) {
  const { version = null, numbers = {} } = row?.checks[check] ?? {};
  const words = catalogue.checkById.get(check)?.numbers ?? {};
  return (
    <EvidenceCard check={check} row={row} document={evidence.value.get(check) ?? WAITING}>
      {() => (
        <>
          {version !== null && (
            <Fact name="Version">
              <code>{visible(version)}</code>
            </Fact>
          )}
          {Object.entries(words).map(([name, { label }]) => {
            const value = numbers[name];
            return (
              value !== undefined && (
                <Fact key={name} name={label}>
                  {number(value)}
                </Fact>
              )
            );
          })}
        </>
      )}
    </EvidenceCard>
  );
}

/** Checks that were not compared, by what they wait for; and those that were not made. */
export function Together({ row }: { row: Row | null }) {
  if (row === null) return null;
  const byReason = new Map<string, string[]>();
  for (const { id } of checksAt(row, 'waits')) {
    const { at } = row.checks[id] as CheckRow;
    const why = reasonOf(row, id) ?? (at === null ? 'never' : '');
    byReason.set(why, [...(byReason.get(why) ?? []), id]);
  }
  const unchecked = checksAt(row, 'unchecked').map(({ id }) => id);
  return (
    <>
      {[...byReason].map(([why, checks]) => (
        <Group key={why} checks={checks} row={row}>
          {waitWords(row, why, checks)}
        </Group>
      ))}
      {unchecked.length > 0 && (
        <Group checks={unchecked} row={row}>
          {unchecked.length === 1 ? 'This check was' : 'These checks were'} not made:{' '}
          {archive.value?.origin === 'replay'
            ? 'what they look at was not recorded.'
            : 'switched off, or no run has come to them yet.'}{' '}
          That says nothing, good or bad.
        </Group>
      )}
    </>
  );
}

/** The row has not all reasons; documents have. */
function reasonOf(row: Row, check: string): string | null {
  const document = evidence.value.get(check);
  const told = document?.kind === 'loaded' ? document.value.notCompared : OWN?.reasonOf(check);
  return row.checks[check]?.notCompared ?? told ?? null;
}

function waitWords(row: Row, why: string, checks: readonly string[]): string {
  if (why === 'never') return 'Never measured.';
  const reason = details.reasons[why];
  const until = row.pending ? ` ${countsFrom(row.pending)}.` : '';
  if (!reason) return `Not determined.${until}`;
  const says = reason.untold ? 'This is not known' : 'There is nothing to look at';
  // What is to come is said by the check that has words for it.
  const next = checks.map((check) => fixOf(`${check}:${why}`)).find((fix) => fix !== '');
  return `${says}: ${reason.says}.${next ? ` ${next}` : ''}${until}`;
}

interface GroupProps {
  readonly checks: readonly string[];
  readonly row: Row;
  readonly children: ComponentChildren;
}

function Group({ checks, row, children }: GroupProps) {
  const names = checks.map((check) => catalogue.checkById.get(check)?.words.name ?? check);
  return (
    <section class="together" aria-label={listed(names)}>
      <div>
        {checks.map((check, at) => (
          <article
            key={check}
            id={`check-${check}`}
            class="check pending"
            aria-labelledby={`name-${check}`}
          >
            <header>
              <h2 id={`name-${check}`}>{names[at]}</h2>
              {row.checks[check] ? (
                <Badge status={row.checks[check].status} />
              ) : (
                <span class="badge pending">{notChecked()}</span>
              )}
            </header>
          </article>
        ))}
      </div>
      <p class="verdict">{children}</p>
    </section>
  );
}
