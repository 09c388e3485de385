// The lists of the difference viewer: the comparison as a folder tree or as one list with context,
// with a search. Only visible rows are rendered. The page loads this file if there are differences.

import '../shared/common.ts';
import { computed, signal } from '@preact/signals';
import { counted, number } from '../../core/documents/format.ts';
import { copy } from '../shared/clipboard.ts';
import { Icon } from '../shared/icons.tsx';
import { pathLine } from '../shared/visible.ts';
import { LineList } from './line-list.tsx';
import { VIEWER_SEARCH_ID } from './state.ts';
import { treeOf } from './tree.ts';
import { TreeView } from './tree-view.tsx';
import { type Line, unifiedLines } from './unified-lines.ts';
import { addressShown, askedAtFirst, showInAddress } from './viewer-address.ts';
import { listed } from './viewer-lists.ts';

const form = signal(askedAtFirst.form);
const query = signal(askedAtFirst.paths);

function search(text: string): void {
  query.value = text;
  showInAddress({ paths: text.trim() });
}
function showAs(what: 'tree' | 'list'): void {
  form.value = what;
  showInAddress({ form: what });
}

/** Lower-case paths, computed once: a search scans 80,880 of them on every letter. */
const searchable = computed(() => ({
  added: listed.value.added.map((path) => path.toLowerCase()),
  removed: listed.value.removed.map((path) => path.toLowerCase()),
  context: listed.value.context.map((path) => path.toLowerCase()),
}));
const found = computed(() => {
  const asked = query.value.trim().toLowerCase();
  const { added, removed, context } = listed.value;
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
  // In a search, the lines left out between two hits are not only unchanged files.
  return query.value.trim() === '' ? all : all.filter((line) => line.kind !== 'gap');
});

export function Lists() {
  const { added, removed } = found.value;
  const shown = added.length + removed.length;
  return (
    <>
      <div class="toolbar">
        <div class="forms" role="group" aria-label="Show as">
          <button type="button" aria-pressed={form.value === 'tree'} onClick={() => showAs('tree')}>
            Folders
          </button>
          <button type="button" aria-pressed={form.value === 'list'} onClick={() => showAs('list')}>
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
            onInput={(event) => search(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && query.value !== '') {
                event.preventDefault();
                search('');
              }
            }}
          />
        </label>
        <p class="found" role="status">
          <b>{number(shown)}</b>
          {query.value.trim() === ''
            ? ` ${shown === 1 ? 'difference' : 'differences'}`
            : ` of ${counted(listed.value.added.length + listed.value.removed.length, 'difference')}`}
        </p>
        <div class="takeaway" role="group" aria-label="Take the paths away">
          <button type="button" onClick={() => copy(addressShown(), 'Link copied.')}>
            Copy link
          </button>
          <CopyPaths paths={added} what="missing" />
          <CopyPaths paths={removed} what="extra" />
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

function CopyPaths({ paths, what }: { paths: readonly string[]; what: 'missing' | 'extra' }) {
  if (paths.length === 0) return null;
  const text = () => `${paths.map(pathLine).join('\n')}\n`;
  return (
    <button type="button" onClick={() => copy(text(), `${counted(paths.length, 'path')} copied.`)}>
      Copy {number(paths.length)} {what}
    </button>
  );
}
