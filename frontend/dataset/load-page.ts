// Loads a dataset's page. Its row is shown as soon as it is there; everything else is in parts.tsx,
// which is loaded meanwhile with the documents.

import { DATASET_ID } from '../../core/dataset-id.ts';
import { withFindingSince } from '../../core/documents/headline.ts';
import type { Row } from '../../core/documents/rows.ts';
import { loadArchives } from '../shared/archives.tsx';
import { catalogue } from '../shared/catalogue.ts';
import { load } from '../shared/load.ts';
import { readStatus, takeStatus } from '../shared/status.ts';
import { namesIn, readPart } from '../shared/summary.ts';
import { readCauses, readEvidence, withdrawnIn } from './documents.ts';
import {
  askFor,
  causes,
  evidence,
  historyPart,
  name,
  parts,
  type Subject,
  subject,
  WAITING,
} from './state.ts';

/** Maximum wait for all documents, in milliseconds, so that shown content does not move. */
const TOGETHER = 1_000;
/** The same for the title. */
const TITLE = 200;

export async function start(): Promise<void> {
  const id = new URLSearchParams(location.search).get('id') ?? '';
  if (!DATASET_ID.test(id)) {
    subject.value = { kind: 'no-id' };
    return;
  }
  document.title = `${id} · Mirrorwatch`;
  const rest = import('./parts.tsx').catch((error: Error) => error);
  const names = load('names.json', namesIn).then((loaded) => {
    name.value = loaded.kind === 'loaded' ? (loaded.value.get(id) ?? null) : null;
  });
  const [found, status] = await Promise.all([
    findSubject(id),
    load('status.json', readStatus),
    loadArchives(),
  ]);
  takeStatus(status);
  if (found.kind === 'withdrawn') void loadHistory('loadWithdrawn', id);
  if (found.kind === 'known' || found.kind === 'no-summary')
    await Promise.race([names, after(TITLE)]);
  subject.value = found;
  if (found.kind !== 'known' && found.kind !== 'no-summary') return;
  const row = found.kind === 'known' ? found.row : null;
  const loaded = await rest;
  if (!(loaded instanceof Error)) {
    const all = Promise.all([
      names,
      loaded.load(id, row),
      loadCauses(id, row),
      loadEvidence(id, row, loaded.OWN_CHECKS),
      found.kind === 'known' && found.hasHistory && loadHistory('loadPart', id),
    ]);
    await Promise.race([all, after(TOGETHER)]);
  }
  parts.value = loaded;
}

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function loadHistory(how: 'loadPart' | 'loadWithdrawn', id: string): Promise<void> {
  const history = await import('../history/dataset-part.tsx');
  historyPart.value = await history[how](id);
}

async function loadEvidence(id: string, row: Row | null, own: ReadonlySet<string>): Promise<void> {
  const others = catalogue.checks.filter((check) => !own.has(check.id));
  if (others.length === 0) return;
  const loaded = others.map(async (check) => {
    return [check.id, await askFor(check.id, id, row, readEvidence)] as const;
  });
  evidence.value = new Map(await Promise.all(loaded));
}

async function loadCauses(id: string, row: Row | null): Promise<void> {
  if (!row?.causes?.length) return;
  causes.value = WAITING;
  causes.value = await load(`datasets/${id}/causes.json`, readCauses);
}

async function findSubject(id: string): Promise<Subject> {
  const first = await load('summary.json', readPart);
  if (first.kind !== 'loaded') return { kind: 'no-summary', id, why: first.kind };
  const { lastUpdated, run, more } = first.value;
  let part = first.value;
  for (const name of ['', ...more]) {
    if (name !== '') {
      const loaded = await load(name, readPart);
      if (loaded.kind !== 'loaded') return { kind: 'no-summary', id, why: loaded.kind };
      part = loaded.value;
    }
    const place = part.columns.id.indexOf(id);
    if (place >= 0) {
      const row = withFindingSince(catalogue, part.row(place), part.findingSince(place));
      return { kind: 'known', id, row, lastUpdated, hasHistory: run !== null };
    }
  }
  const withdrawn = await load('datasets-registry.json', (registry) => withdrawnIn(registry, id));
  const since = withdrawn.kind === 'loaded' ? withdrawn.value : undefined;
  return since === undefined ? { kind: 'unknown', id } : { kind: 'withdrawn', id, since };
}
