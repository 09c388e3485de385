// The difference viewer: the same comparison as a folder tree or as one list with context. Long
// lists are loaded when a person asks, and only what is in sight is rendered.

import { computed, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { SummaryRow } from '../../core/model/documents.ts';
import { counted, number } from '../../core/model/format.ts';
import { copy } from '../shared/hand-over.ts';
import { Icon } from '../shared/icons.tsx';
import { pathLine, visible } from '../shared/visible.ts';
import { filesIssues } from './cards.tsx';
import type { Differences } from './documents.ts';
import { LineList } from './line-list.tsx';
import { type Line, unifiedLines } from './lines.ts';
import { differences, loadDifferences } from './state.ts';
import { treeOf } from './tree.ts';
import { TreeView } from './tree-view.tsx';
import { tellsOtherwise, Unpublished } from './unpublished.tsx';

export const VIEWER_SEARCH_ID = 'search';

const form = signal<'tree' | 'list'>('tree');
const query = signal('');

const NONE = { added: [], removed: [], context: [] };
const loaded = computed<Pick<Differences, 'added' | 'removed' | 'context'>>(() =>
  differences.value.kind === 'loaded' ? differences.value.value : NONE,
);
/** Lower-case paths, made once: a search looks through 80,880 of them on every letter. */
const searchable = computed(() => ({
  added: loaded.value.added.map((path) => path.toLowerCase()),
  removed: loaded.value.removed.map((path) => path.toLowerCase()),
  context: loaded.value.context.map((path) => path.toLowerCase()),
}));
const found = computed(() => {
  const asked = query.value.trim().toLowerCase();
  const { added, removed, context } = loaded.value;
  if (asked === '') return { added, removed, context };
  const matching = (paths: readonly string[], lower: readonly string[]) =>
    paths.filter((_, place) => lower[place]?.includes(asked));
  return {
    added: matching(added, searchable.value.added),
    removed: matching(removed, searchable.value.removed),
    context: matching(context, searchable.value.context),
  };
});
const tree = computed(() => treeOf(found.value.added, found.value.removed));
const lines = computed<Line[]>(() => {
  const all = unifiedLines(found.value);
  // Of a search, what lies between two hits is not unchanged files alone.
  return query.value.trim() === '' ? all : all.filter((line) => line.kind !== 'gap');
});

export function Viewer({ id, row }: { id: string; row: SummaryRow | null }) {
  const state = differences.value;
  if (state.kind === 'unasked') {
    const many = (row?.s3FilesAdded ?? 0) + (row?.s3FilesRemoved ?? 0);
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
      {tellsOtherwise('s3Files', row, state.value, filesIssues(row)) && <Unpublished />}
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
    <section class="differences" aria-labelledby="differences">
      <h2 id="differences">Differences</h2>
      {children}
    </section>
  );
}

function Lists() {
  const { added, removed } = found.value;
  const shown = added.length + removed.length;
  return (
    <>
      <div class="toolbar">
        <div class="forms" role="group" aria-label="Show as">
          <button
            type="button"
            aria-pressed={form.value === 'tree'}
            onClick={() => {
              form.value = 'tree';
            }}
          >
            Folders
          </button>
          <button
            type="button"
            aria-pressed={form.value === 'list'}
            onClick={() => {
              form.value = 'list';
            }}
          >
            List
          </button>
        </div>
        <label class="search" htmlFor={VIEWER_SEARCH_ID}>
          <Icon sign="search" />
          <span class="unseen">Search the paths</span>
          <input
            id={VIEWER_SEARCH_ID}
            type="search"
            placeholder="Search the paths"
            autoComplete="off"
            spellcheck={false}
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && query.value !== '') {
                event.preventDefault();
                query.value = '';
              }
            }}
          />
        </label>
        <p class="found" role="status">
          <b>{number(shown)}</b>
          {query.value.trim() === ''
            ? ` ${shown === 1 ? 'difference' : 'differences'}`
            : ` of ${counted(loaded.value.added.length + loaded.value.removed.length, 'difference')}`}
        </p>
        <div class="takeaway" role="group" aria-label="Take the paths away">
          <CopyPaths paths={added} what="missing" />
          <CopyPaths paths={removed} what="orphaned" />
        </div>
      </div>
      {shown === 0 && (form.value === 'tree' || lines.value.length === 0) ? (
        <p class="nothing">No path matches.</p>
      ) : form.value === 'tree' ? (
        <TreeView root={tree.value} searched={query.value.trim() !== ''} />
      ) : (
        <LineList lines={lines.value} />
      )}
    </>
  );
}

function CopyPaths({ paths, what }: { paths: readonly string[]; what: 'missing' | 'orphaned' }) {
  if (paths.length === 0) return null;
  const text = () => `${paths.map(pathLine).join('\n')}\n`;
  return (
    <button type="button" onClick={() => copy(text(), `${counted(paths.length, 'path')} copied.`)}>
      Copy {number(paths.length)} {what}
    </button>
  );
}

interface NoFaultProps {
  readonly title: string;
  readonly paths: readonly string[];
  readonly why: string;
}

/** Enough to know what it is about; the document has them all. */
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
