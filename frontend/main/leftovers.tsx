// Copies in the bucket of datasets that are not public, by id only: loaded when a person asks.

import { signal } from '@preact/signals';
import type { Leftovers as Document } from '../../archives/openneuro/documents.ts';
import { LEFTOVER_STATES, type LeftoverState } from '../../archives/openneuro/vocabulary.ts';
import { counted } from '../../core/documents/format.ts';
import { Age } from '../shared/age.tsx';
import { archive, notChecked } from '../shared/archive.tsx';
import { type Loaded, load } from '../shared/load.ts';
import { visible } from '../shared/visible.ts';

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
    if (typeof id !== 'string' || !LEFTOVER_STATES.includes(state)) throw new Error('no leftover');
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
      <summary>Leftovers in the bucket</summary>
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
      return <p class="quiet">{notChecked()}: no run has looked at the whole bucket.</p>;
    case 'broken':
    case 'failed':
      return <p class="quiet">The list could not be loaded. Reload the page to try again.</p>;
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
