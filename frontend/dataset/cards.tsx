// The checks of a dataset: the archive's own card for each if it has one, else a standard card.

import { CARDS } from '../../archives/cards.tsx';
import { number } from '../../core/documents/format.ts';
import type { Row } from '../../core/documents/rows.ts';
import { catalogue, chosen } from '../shared/catalogue.ts';
import { visible } from '../shared/visible.ts';
import type { ArchiveCards, CardProps } from './archive-cards.ts';
import { Fact } from './check-card.tsx';
import { EvidenceCard } from './evidence-card.tsx';
import { evidence, WAITING } from './state.ts';

export const OWN: ArchiveCards | undefined = CARDS[chosen.id];

export function Cards({ id, row }: CardProps) {
  return (
    <section class="checks" aria-label="Checks">
      {catalogue.checks.map((check) => {
        const Card = OWN?.checks[check.id];
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
