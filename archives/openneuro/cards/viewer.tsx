// The difference viewer. Long lists, and the code that shows them, are loaded when a person asks.

import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import { counted, number } from '../../../core/documents/format.ts';
import type { Row } from '../../../core/documents/rows.ts';
import { differsFromPublished, Unpublished } from '../../../frontend/dataset/unpublished-note.tsx';
import { visible } from '../../../frontend/shared/visible.ts';
import { filesIssues } from './checks.tsx';
import { differences, differing, loadDifferences } from './state.ts';

/** Null until it is loaded; the error if it cannot be loaded. */
const lists: Signal<FunctionComponent | Error | null> = signal(null);

function Lists() {
  const Loaded = lists.value;
  if (Loaded instanceof Error) return <p>The list could not be loaded. Load the page again.</p>;
  if (Loaded !== null) return <Loaded />;
  void import('../../../frontend/dataset/lists.tsx').then(
    (module) => {
      lists.value = module.Lists;
    },
    (error: Error) => {
      lists.value = error;
    },
  );
  return <p class="waiting">Loading the list…</p>;
}

export function Viewer({ id, row }: { id: string; row: Row | null }) {
  const state = differences.value;
  if (state.kind === 'unasked') {
    const many = differing(row);
    return (
      <Frame>
        <div class="unasked">
          <p>
            {counted(many, 'file differs', 'files differ')}: a long list, loaded when you ask for
            it.
          </p>
          <button type="button" class="main" onClick={() => void loadDifferences(id)}>
            Show {number(many)} differences
          </button>
        </div>
      </Frame>
    );
  }
  if (state.kind === 'waiting') {
    return (
      <Frame>
        <p class="waiting">Loading the comparison…</p>
      </Frame>
    );
  }
  // The card of the check says why there is none.
  if (state.kind !== 'loaded') return null;
  const { added, removed, bookkeeping, submodules } = state.value;
  if (added.length + removed.length + bookkeeping.length + submodules.length === 0) return null;
  return (
    <Frame>
      {differsFromPublished('s3Files', row, state.value, filesIssues(row)) && <Unpublished />}
      {added.length + removed.length > 0 && <Lists />}
      <NoFault
        title="Bookkeeping"
        paths={bookkeeping}
        why="git-annex and storage tools write these into an export themselves; they belong to no snapshot, so they are no fault."
      />
      <NoFault
        title="Submodules"
        paths={submodules}
        why="These are links to other repositories. They are never exported, so their absence is no fault."
      />
    </Frame>
  );
}

function Frame({ children }: { children: ComponentChildren }) {
  return (
    <section id="differences" class="differences" aria-labelledby="name-differences">
      <h2 id="name-differences">Differences</h2>
      {children}
    </section>
  );
}

interface NoFaultProps {
  readonly title: string;
  readonly paths: readonly string[];
  readonly why: string;
}

/** Enough to show what it is about; the document has them all. */
const NO_FAULT_SHOWN = 50;

function NoFault({ title, paths, why }: NoFaultProps) {
  if (paths.length === 0) return null;
  return (
    <div class="no-fault">
      <h3>
        {title} <span class="count">{number(paths.length)}</span>
      </h3>
      <p>{why}</p>
      <ul>
        {paths.slice(0, NO_FAULT_SHOWN).map((path) => (
          <li key={path}>
            <code>{visible(path)}</code>
          </li>
        ))}
        {paths.length > NO_FAULT_SHOWN && <li>and {number(paths.length - NO_FAULT_SHOWN)} more</li>}
      </ul>
    </div>
  );
}
