// The true state of the archive: which datasets exist and what is wrong with each. Events change
// it; the sources show it; the invariants compare with it.

import { BREAKS, type Break, type BreakName } from './breaks.ts';
import {
  annexCommitOf,
  annexFiles,
  type Copies,
  type Files,
  healthyCopies,
  idOf,
  type Snapshot,
  snapshotOf,
} from './copies.ts';

export type WorldEvent =
  | {
      readonly kind: 'appear';
      readonly id: string;
      readonly snapshots: number;
      readonly isNew: boolean;
    }
  | { readonly kind: 'snapshot' | 'heal' | 'return'; readonly id: string }
  | { readonly kind: 'break'; readonly id: string; readonly by: BreakName }
  | { readonly kind: 'withdraw'; readonly id: string; readonly state: 'deleted' | 'not-public' };

export interface Dataset {
  readonly id: string;
  readonly publishDate: string;
  snapshots: readonly Snapshot[];
  state: 'public' | 'deleted' | 'not-public';
  break: BreakName | null;
  /** The step at which it last changed. */
  changed: number;
}

export interface World {
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** @param at when it happens, in milliseconds of the world's own time */
  apply(event: WorldEvent, step: number, at: number): void;
  copiesOf(id: string): Copies | undefined;
  /** Where the git-annex branch of its mirror is. */
  annexCommitOf(id: string): string | undefined;
  /** Everything that was ever pushed to its mirror: git forgets nothing within a month. */
  historyOf(id: string): History;
}

export interface History {
  readonly commits: ReadonlyMap<string, Files>;
  /** Commits of the git-annex branch to its files. */
  readonly annex: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By their ids. */
  readonly texts: ReadonlyMap<string, string>;
}

const LONG_AGO = '2020-01-01T00:00:00.000Z';

export function createWorld(): World {
  const datasets = new Map<string, Dataset>();
  /** Made when they are asked for. */
  const copies = new Map<string, { readonly copies: Copies; readonly annexCommit: string }>();
  const histories = new Map<string, ReturnType<typeof noHistory>>();

  const apply = (event: WorldEvent, step: number, at: number): void => {
    const { id } = event;
    const now = new Date(at).toISOString();
    if (event.kind === 'appear') {
      if (datasets.has(id)) return;
      const created = event.isNew ? now : LONG_AGO;
      datasets.set(id, {
        id,
        publishDate: created,
        snapshots: Array.from({ length: event.snapshots }, (_, nth) =>
          snapshotOf(id, nth, created),
        ),
        state: 'public',
        break: null,
        changed: step,
      });
      return;
    }
    const dataset = datasets.get(id);
    if (dataset === undefined) return;
    switch (event.kind) {
      case 'snapshot':
        // Publishing recreates the copies.
        dataset.snapshots = [...dataset.snapshots, snapshotOf(id, dataset.snapshots.length, now)];
        dataset.break = null;
        break;
      case 'heal':
        dataset.break = null;
        break;
      case 'break': {
        const { snapshots = 1 }: Break = BREAKS[event.by];
        if (dataset.snapshots.length < snapshots) return;
        dataset.break = event.by;
        break;
      }
      case 'withdraw':
        dataset.state = event.state;
        break;
      case 'return':
        dataset.state = 'public';
        break;
    }
    dataset.changed = step;
    // Not told apart by the step: two runs in one may each find another change.
    copies.delete(id);
  };

  const madeOf = (id: string) => {
    const dataset = datasets.get(id);
    if (dataset === undefined) return undefined;
    const known = copies.get(id);
    if (known !== undefined) return known;
    const healthy = healthyCopies(id, dataset.snapshots);
    if (dataset.break !== null) BREAKS[dataset.break].spoil(healthy);
    const annexCommit = annexCommitOf(healthy);
    const made = { copies: healthy, annexCommit };
    copies.set(id, made);
    remember(id, healthy, annexCommit);
    return made;
  };
  const copiesOf = (id: string): Copies | undefined => madeOf(id)?.copies;

  const historyOf = (id: string) => {
    copiesOf(id);
    return histories.get(id) ?? noHistory();
  };

  function remember(id: string, made: Copies, annexCommit: string): void {
    const history = histories.get(id) ?? noHistory();
    histories.set(id, history);
    for (const [commit, files] of made.commits) history.commits.set(commit, files);
    const files = annexFiles(made);
    history.annex.set(annexCommit, files);
    for (const text of files.values()) history.texts.set(idOf(text), text);
  }
  return { datasets, apply, copiesOf, annexCommitOf: (id) => madeOf(id)?.annexCommit, historyOf };
}

const noHistory = () => ({
  commits: new Map<string, Files>(),
  annex: new Map<string, ReadonlyMap<string, string>>(),
  texts: new Map<string, string>(),
});
