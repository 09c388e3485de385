// Copies in the bucket of datasets that are not public, by id only. Loaded when a person asks.

import '../../../frontend/shared/common.ts';
import { signal } from '@preact/signals';
import { counted } from '../../../core/documents/format.ts';
import { Age } from '../../../frontend/shared/age.tsx';
import { archive, notChecked } from '../../../frontend/shared/archive.tsx';
import { type Loaded, load } from '../../../frontend/shared/load.ts';
import { visible } from '../../../frontend/shared/visible.ts';
import type { Leftovers as Document } from '../documents.ts';
import type { LeftoverState } from '../vocabulary.ts';

const LEFTOVER_WORDS: Readonly<Record<LeftoverState, string>> = {
  deleted: 'deleted from the registry',
  'not-public': 'no longer public',
  unknown: 'unknown to the registry',
};

type Found = Pick<Document, 'lastChecked' | 'leftovers'>;

const found = signal<Loaded<Found> | null>(null);

function readLeftovers(document: unknown): Found {
  const { lastChecked, leftovers } = document as Document;
  for (const { id, state } of leftovers) {
    if (typeof id !== 'string' || !Object.hasOwn(LEFTOVER_WORDS, state))
      throw new Error('no leftover');
  }
  return { lastChecked, leftovers };
}

async function ask(): Promise<void> {
  if (found.value?.kind === 'loaded') return;
  // A recording holds no list of the bucket.
  if (archive.value?.origin === 'replay') found.value = { kind: 'absent' };
  else found.value = await load('leftovers.json', readLeftovers);
}

export function Leftovers() {
  return (
    <details class="leftovers" onToggle={(event) => event.currentTarget.open && void ask()}>
      <summary>Which datasets</summary>
      <Content />
    </details>
  );
}

function Content() {
  const state = found.value;
  switch (state?.kind) {
    case undefined:
      return <p class="waiting">Loading…</p>;
    case 'absent':
      return <p class="quiet">{notChecked()}: no run has listed the whole bucket.</p>;
    case 'broken':
    case 'failed':
      return (
        <p class="quiet">
          The list could not be loaded.{' '}
          <button type="button" onClick={() => void ask()}>
            Try again
          </button>
        </p>
      );
    case 'loaded':
      return <List {...state.value} />;
  }
}

function List({ leftovers, lastChecked }: Found) {
  return (
    <>
      <p>
        {leftovers.length === 0
          ? 'The bucket holds nothing of datasets that are not public.'
          : `The bucket holds copies of ${counted(leftovers.length, 'dataset')} that are not public.`}{' '}
        <span class="quiet">
          Checked <Age at={lastChecked} ago />
        </span>
      </p>
      <ul class="ids">
        {leftovers.map(({ id, state }) => (
          <li key={id}>
            <code>{visible(id)}</code> {LEFTOVER_WORDS[state]}
          </li>
        ))}
      </ul>
    </>
  );
}
