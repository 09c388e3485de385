// What DANDI brings to a dandiset's page: the evidence of each check, and likely causes.

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { number } from '../../../core/documents/format.ts';
import type { Row } from '../../../core/documents/rows.ts';
import type { ArchiveCards, CardProps } from '../../../frontend/dataset/archive-cards.ts';
import { Fact } from '../../../frontend/dataset/check-card.tsx';
import { type PlainEvidence, readEvidence, record } from '../../../frontend/dataset/documents.ts';
import { EvidenceCard } from '../../../frontend/dataset/evidence-card.tsx';
import { Paths } from '../../../frontend/dataset/paths.tsx';
import { type Asked, askFor, WAITING } from '../../../frontend/dataset/state.ts';
import { visible } from '../../../frontend/shared/visible.ts';
import { askedAddress, issueTracker } from '../report-links.ts';
import { likelyCauses } from '../rules/likely-causes.ts';
import { FACTS } from './facts.ts';
import { ITEMS, type Item } from './items.ts';

interface Evidence extends PlainEvidence {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly items: readonly Item[];
}

const documents = signal<ReadonlyMap<string, Asked<Evidence>>>(new Map());

const read =
  (check: string) =>
  (document: unknown): Evidence => {
    const fields = record(document);
    const items = ITEMS[check]?.[1](fields) ?? [];
    return { ...readEvidence(document), fields, items };
  };

async function load(id: string, row: Row | null): Promise<void> {
  const loaded = Object.keys(FACTS).map(
    async (check) => [check, await askFor(check, id, row, read(check))] as const,
  );
  documents.value = new Map(await Promise.all(loaded));
}

const cardOf = (check: string): FunctionComponent<CardProps> =>
  function DandiCard({ row }) {
    return (
      <EvidenceCard check={check} row={row} document={documents.value.get(check) ?? WAITING}>
        {({ fields, items }) => (
          <>
            {(FACTS[check] ?? []).map(([name, field]) => (
              <Field key={field} name={name} value={fields[field]} />
            ))}
            {items.length > 0 && (
              <Paths name={ITEMS[check]?.[0] ?? ''} of={items.length} paths={items} />
            )}
          </>
        )}
      </EvidenceCard>
    );
  };

/** Documents are hostile: what is none of these is left out, and so is what is not there. */
function Field({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (typeof value === 'number') return <Fact name={name}>{number(value)}</Fact>;
  if (typeof value === 'boolean') return <Fact name={name}>{value ? 'yes' : 'no'}</Fact>;
  if (typeof value === 'string') {
    return (
      <Fact name={name}>
        <bdi>
          <code>{visible(value)}</code>
        </bdi>
      </Fact>
    );
  }
  const { count, examples } = (value ?? {}) as { count?: unknown; examples?: unknown };
  if (typeof count !== 'number' || count === 0 || !Array.isArray(examples)) return null;
  const paths = examples.map((path) => ({ path: String(path), remark: '' }));
  return <Paths name={name} of={count} paths={paths} />;
}

export const cards: ArchiveCards = {
  checks: Object.fromEntries(Object.keys(FACTS).map((check) => [check, cardOf(check)])),
  below: [],
  reasonOf(check) {
    const document = documents.value.get(check);
    return document?.kind === 'loaded' ? document.value.notCompared : null;
  },
  load,
  causes: likelyCauses,
  asked: askedAddress,
  issues: issueTracker,
};
