// The badges that a run may have changed: those of datasets with another verdict, and of those
// that cannot be measured, which turn grey with time. All of them if their form has changed.

import { hash } from 'node:crypto';
import type { Catalogue } from '../documents/catalogue.ts';
import { countStatuses } from '../documents/counts.ts';
import type { Row } from '../documents/rows.ts';
import { STATUSES } from '../documents/vocabulary.ts';
import type { StageContext } from '../monitor/archive.ts';
import { isUnverified } from '../monitor/hold.ts';
import type { Writer } from '../monitor/store.ts';
import {
  archiveBadge,
  type Badge,
  badgeJson,
  badgeSvg,
  COLOURS,
  datasetBadge,
  withdrawnBadge,
} from './badge.ts';
import type { HistoryIndex, RunHistory } from './documents.ts';
import type { DatasetFiles } from './each-dataset.ts';
import { archiveBadgePath, type BadgeForm, badgePath } from './paths.ts';
import { DEFAULT_LABEL } from './settings.ts';

const forms = new WeakMap<Catalogue, { readonly label: string; readonly form: string }>();

/** Another one after every change of a word, a colour, a width or the label. Kept for a catalogue. */
export function formOfBadges(catalogue: Catalogue, label = DEFAULT_LABEL): string {
  const known = forms.get(catalogue);
  if (known?.label === label) return known.form;
  const form = makeForm(catalogue, label);
  forms.set(catalogue, { label, form });
  return form;
}

/** Of some hundred badges: every status with every text that one may show. */
function makeForm({ issues, words }: Catalogue, label: string): string {
  const texts = [words.title, ...Array.from(issues.values(), (issue) => issue.label)];
  const badges = STATUSES.flatMap((status) =>
    texts.map((message) => ({ label, message, colour: COLOURS[status], isError: false })),
  );
  return hash('sha256', badges.map(badgeSvg).join('')).slice(0, 16);
}

interface Publishing {
  readonly catalogue: Catalogue;
  readonly rows: readonly Row[];
  /** As it is with this run. */
  readonly index: Pick<HistoryIndex, 'withdrawn'>;
  readonly added: Pick<RunHistory, 'run' | 'events' | 'states' | 'badges'>;
  /** Whether badges of other datasets may be those of a run that was never published. */
  readonly isTorn: boolean;
}

export function badgeFiles(
  { store, options }: Pick<StageContext, 'store' | 'options'>,
  { catalogue, rows, index, added, isTorn }: Publishing,
): DatasetFiles {
  const { badgeLabel: label = DEFAULT_LABEL } = options;
  const all = isTorn || added.badges !== undefined;
  const changed = new Set([...added.events.map(({ id }) => id), ...Object.keys(added.states.of)]);
  const listed = new Map<string, Row>();
  for (const row of rows) {
    if (all || changed.has(row.id) || isUnverified(row)) listed.set(row.id, row);
  }
  const gone = new Set(Object.keys(index.withdrawn).filter((id) => all || changed.has(id)));
  const write = async (to: Writer, badge: Badge, path: (form: BadgeForm) => string) => {
    await to.writePage(path('svg'), badgeSvg(badge));
    await to.writeDocument(path('json'), badgeJson(badge));
  };
  return {
    ids: [...listed.keys(), ...gone],
    needsStrips: false,
    async write(id, _, to) {
      const row = listed.get(id);
      const badge = row
        ? datasetBadge(catalogue, row, label, added.run)
        : gone.has(id) && withdrawnBadge(label);
      if (badge) await write(to, badge, (form) => badgePath(id, form));
    },
    async writeOfArchive() {
      const badge = archiveBadge(catalogue, countStatuses(rows), label);
      await write(store, badge, (form) => archiveBadgePath(catalogue, form));
    },
  };
}
