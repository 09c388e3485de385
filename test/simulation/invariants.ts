// What must be true after every step, whatever happened in it. The model knows the world and what
// each run was told; it knows none of the rules.

import { isDeepStrictEqual } from 'node:util';
import { openneuro } from '../../archives/openneuro/index.ts';
import { type Check, CONTENT_CHECKS, NAME_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import type { CheckRecord } from '../../core/documents/records.ts';
import { readCompact } from '../support/legacy.ts';
import { verdictOf } from './breaks.ts';
import { parsedOnce } from './decoded-once.ts';
import { historyHolds } from './history.ts';
import { LOCK_MINUTES, type Place, type Ran, timeOf } from './runs.ts';
import type { Question } from './sources.ts';
import { isCalm, type Step } from './story.ts';
import type { Dataset, World } from './world.ts';

/** A broken invariant; two stories fail alike if their rules are the same. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: string;
  constructor(rule: string, message: string) {
    super(`${rule}: ${message}`);
    this.rule = rule;
  }
}

export interface View {
  readonly documents: ReadonlyMap<string, Buffer>;
  readonly records: ReadonlyMap<string, CheckRecord>;
}

export const viewOf = (place: Place): View => ({
  documents: place.documents(),
  records: place.records() as Map<string, CheckRecord>,
});

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at as any reader would
type Json = any;
function read({ documents }: View, path: string): Json {
  const bytes = documents.get(path);
  if (bytes === undefined) return undefined;
  try {
    return parsedOnce(bytes);
  } catch {
    throw new Violation('whole', `${path} is not JSON`);
  }
}

/** Ids of which only the tombstone is kept. */
const withdrawnIn = (view: View): Set<string> =>
  new Set((read(view, REGISTRY)?.withdrawn ?? []).map(({ id }: Json) => id));

const STAYS = /\/(history\.json|feed\.atom|badge\.(svg|json))$/;

/** Documents and records of a dataset, without its history, which stays. */
function countOf({ documents, records }: View, dataset: string): number {
  const own = [...documents.keys()].filter(
    (path) => path.startsWith(`datasets/${dataset}/`) && !STAYS.test(path),
  );
  return own.length + [...records.values()].filter((record) => record.dataset === dataset).length;
}

/** The simulated ones (runs.ts). */
const CHECKS: readonly Check[] = [...NAME_CHECKS, ...CONTENT_CHECKS];

/** What the checks depend on besides their own request. */
const INPUTS: Readonly<Record<Check, readonly Check[]>> = {
  github: [],
  s3Version: [],
  s3Files: ['github', 's3Version'],
  s3Content: ['github', 's3Version'],
  s3Access: ['github', 's3Version'],
  annexRecord: ['github', 's3Version'],
  doi: [],
  deprecated: [],
};

/** If a request gets no answer, these are not measured. */
const ASKED_BY: Partial<Record<Question, Check>> = {
  refs: 'github',
  description: 's3Version',
  listing: 's3Access',
  access: 's3Access',
  tree: 'annexRecord',
  objects: 'annexRecord',
};

const DOCUMENTS: Readonly<Record<Check, string>> = {
  github: 'github',
  s3Version: 's3-version',
  s3Files: 's3-diff',
  s3Content: 's3-content',
  s3Access: 's3-access',
  annexRecord: 'annex-record',
  doi: 'doi',
  deprecated: 'deprecated',
};
const SUMMARY = 'all-datasets.json';
const REGISTRY = 'datasets-registry.json';

const NEW_DAYS = 8;
const MINUTE = 60_000;
const DAY = 86_400_000;
const BAD = new Set(['error', 'version-mismatch']);
const WORST_FIRST = ['error', 'version-mismatch', 'warning', 'pending', 'ok'];

/** Follows one archive through its steps. */
export function createModel(world: World) {
  /** `id check` to the step in which it was last measured, with all its inputs seen. */
  const founded = new Map<string, number>();
  /** `id check` to the step in which it was last measured successfully. */
  const measured = new Map<string, number>();
  /** When runs began, by their own clocks, in milliseconds. */
  const starts: number[] = [];
  /** Dataset to the step in which the registry last reported it correctly. */
  const told = new Map<string, number>();

  function check(step: Step, ran: Ran, before: View, after: View): void {
    const isQuiet = isCalm(step) && !ran.goesOn;
    nothingLost(ran, before, after);
    onlyWithdrawn(step, ran, isQuiet, before, after);
    if (ran.troubled) everyDocumentIsWhole(before, after);
    registry(step, ran, isQuiet, before, after);
    for (const record of after.records.values()) {
      if (record.dataset === openneuro.id) {
        leftoversAre(isQuiet, ran, before, record);
        continue;
      }
      aRecord(step, ran, before, record, after);
      // A run may die between the two.
      if (!ran.troubled || ran.overtaken) evidenceIsOfItsRecord(ran, before, record, after);
    }
    // The clock was corrected meanwhile, so the run of the day before counts as the newer one.
    const isDated = step.jump === 0;
    if (isDated && !ran.troubled && (ran.outcome === 'published' || ran.outcome === 'held')) {
      failuresAreMarked(ran, before, after);
    }
    if (isQuiet) quiet(step, ran, before, after);
    const isWhole = ran.outcome === 'published' || ran.outcome === 'held';
    // A run that goes on does not ask again what the one before has measured.
    if (isWhole && !ran.goesOn) onePoison(step, after);
    published(step, ran, before, after);
    historyHolds(before, after, read, shownRows, must);
    const start = timeOf(step) + step.clock * MINUTE;
    starts.push(start);
    for (const it of step.troubles) {
      if (it.kind === 'overtaken')
        starts.push(start + (it.later + Math.max(step.jump, 0)) * MINUTE);
    }
  }

  /** By a clock that was ahead, another run began a little later, so it is the newer. */
  const isOlder = (step: Step): boolean =>
    starts.some((it) => it > timeOf(step) && it < timeOf(step) + (LOCK_MINUTES + 1) * MINUTE);

  const must = (holds: boolean, rule: string, message: () => string): void => {
    if (!holds) throw new Violation(rule, message());
  };

  function nothingLost(ran: Ran, before: View, after: View): void {
    const withdrawn = withdrawnIn(after);
    for (const path of before.documents.keys()) {
      if (after.documents.has(path)) continue;
      const [, id = ''] = path.split('/');
      if (withdrawn.has(id)) continue;
      const isDiff = path.endsWith('/s3-diff.json');
      const compared = after.records.get(`${id} s3Files`)?.notCompared == null;
      must(isDiff && (!compared || ran.outcome === 'gone'), 'lost', () => `${path} is gone`);
    }
    for (const key of before.records.keys()) {
      if (after.records.has(key)) continue;
      const [id = ''] = key.split(' ');
      must(withdrawn.has(id), 'lost', () => `the record ${key} is gone`);
      measured.delete(key);
      founded.delete(key);
    }
  }

  /** What is removed, and when: two readings saw it absent, and the summary does not show it. */
  function onlyWithdrawn(step: Step, ran: Ran, isQuiet: boolean, before: View, after: View): void {
    const [last, next] = [withdrawnIn(before), withdrawnIn(after)];
    const registry = read(after, REGISTRY);
    const listed = registry?.latestSnapshots ?? {};
    for (const id of last) {
      const isBack = listed[id] !== undefined || registry.skipped[id] !== undefined;
      must(next.has(id) || isBack, 'withdrawn', () => `${id} has no tombstone any more`);
    }
    const gone = new Map<string, string>(
      (read(before, REGISTRY)?.gone ?? []).map(({ id, state }: Json) => [id, state]),
    );
    const shown = new Set(read(after, SUMMARY)?.datasets.map(({ id }: Json) => id));
    for (const id of next) {
      const was = gone.get(id);
      const isSeenBefore = last.has(id) || was === 'deleted' || was === 'not-public';
      // Two runs in one step.
      must(isSeenBefore || ran.overtaken, 'withdrawn', () => `${id} by one reading (${was})`);
      const { state } = world.datasets.get(id) as Dataset;
      const isNew = !last.has(id);
      must(!isNew || state !== 'public', 'withdrawn', () => `${id} is public`);
      must(listed[id] === undefined, 'withdrawn', () => `${id} is listed`);
      const had = countOf(before, id);
      const has = countOf(after, id);
      must(has >= had || !shown.has(id), 'withdrawn', () => `${id} is removed and shown`);
      const mayRemove = ran.outcome === 'published' || ran.troubled;
      must(has >= had || mayRemove, 'withdrawn', () => `${id} is removed by a run ${ran.outcome}`);
      const isOver = ran.outcome === 'published' && !ran.troubled;
      must(has === 0 || !isOver, 'withdrawn', () => `${has} pieces of ${id} are left`);
    }
    if (!isQuiet || ran.outcome !== 'published') return;
    const start = timeOf(step) + step.clock * MINUTE;
    for (const { id, state, at } of read(before, REGISTRY)?.gone ?? []) {
      // By a clock that was ahead.
      if (Date.parse(at) >= start) continue;
      const isAway = state !== 'unknown' && world.datasets.get(id)?.state !== 'public';
      must(!isAway || next.has(id), 'withdrawn', () => `${id} is away twice, without a tombstone`);
    }
  }

  function everyDocumentIsWhole(before: View, after: View): void {
    for (const [path, bytes] of after.documents) {
      if (before.documents.get(path) === bytes) continue;
      // Schemas are compared with their digests where the tree is validated.
      if (path.endsWith('.json') && !path.startsWith('schema/')) read(after, path);
    }
  }

  // ---- the registry ---------------------------------------------------------------------------

  function registry(step: Step, ran: Ran, isQuiet: boolean, before: View, after: View): void {
    const [last, next] = [read(before, REGISTRY), read(after, REGISTRY)];
    if (next === undefined || ran.outcome === 'locked') return;
    const lastIds = Object.keys(last?.latestSnapshots ?? {});
    const gone = new Map<string, string>((next.gone ?? []).map((it: Json) => [it.id, it.state]));
    // Two runs in one step.
    if (ran.overtaken) {
      for (const id of withdrawnIn(after)) gone.set(id, world.datasets.get(id)?.state as string);
    }
    for (const id of lastIds) {
      if (next.latestSnapshots[id] !== undefined) continue;
      must(gone.has(id), 'vanished', () => `${id} left the registry without a word`);
    }
    const isRead = next.lastChecked !== last?.lastChecked && next.lastAttempt === null;
    if (!isRead) return;
    const left = lastIds.filter((id) => next.latestSnapshots[id] === undefined);
    const lost = listedIn(before).filter((id) => next.latestSnapshots[id] === undefined);
    must(step.accept || lost.length <= 1, 'shrunk', () => `lost ${lost.join(', ')} unasked`);
    for (const id of left) {
      const { state } = world.datasets.get(id) as Dataset;
      must(state !== 'public', 'vanished', () => `${id} is public and left the registry`);
      must(gone.get(id) === state, 'gone', () => `${id} is ${state}, not ${gone.get(id)}`);
    }
    for (const dataset of world.datasets.values()) {
      const { id, state, snapshots } = dataset;
      const tag = next.latestSnapshots[id];
      const isTold = tag === snapshots.at(-1)?.tag && state === 'public' && !gone.has(id);
      const isMarked = next.unverified[id] !== undefined;
      if (isTold && !isMarked) told.set(id, ran.at);
      else if (!isTold) told.delete(id);
      if (tag !== undefined) {
        must(isTold || isMarked, 'registry', () => `${id} is at ${tag}, not verified by anybody`);
      }
      if (!isQuiet) continue;
      const isRight = state === 'public' ? isTold : tag === undefined;
      must(isRight && !isMarked, 'registry', () => `${id} (${state}) is at ${tag} on a calm day`);
    }
  }

  // ---- records --------------------------------------------------------------------------------

  function aRecord(step: Step, ran: Ran, before: View, record: CheckRecord, after: View): void {
    const { dataset: id } = record;
    const check = record.check as Check;
    const key = `${id} ${check}`;
    const last = before.records.get(key);
    const dataset = world.datasets.get(id) as Dataset;
    const said = [record.status, record.subtype].filter((word) => word !== null).join(' ');
    const isNewFailure =
      record.lastAttempt !== null && !isDeepStrictEqual(record.lastAttempt, last?.lastAttempt);
    if (isNewFailure) {
      const isFaulty = step.faults.some(
        (fault) => fault.kind === 'question' && (fault.dataset === null || fault.dataset === id),
      );
      const mayFail = isFaulty || ran.troubled || dataset.break === 'repo-refused';
      must(mayFail, 'marked', () => `${key} is unverified and nothing failed`);
    }
    if (record.checkedAt === (last?.checkedAt ?? null)) {
      // A run that died between the two left evidence without a record: that counts.
      const document = read(after, `datasets/${id}/${DOCUMENTS[check]}.json`);
      const kept = last ?? { ...NEVER, ...document };
      // Without a record it is judged by the registry, which may name another snapshot by now; the
      // mark says so.
      const [tagThen, tagNow] = [before, after].map(
        (it) => read(it, REGISTRY)?.latestSnapshots[id],
      );
      // Only the documents of name checks are judged so.
      const isJudged = NAME_CHECKS.some((it) => it === check);
      const isOther = tagThen !== tagNow || !isJudged;
      const isLeft = last === undefined && document !== undefined && isOther;
      if (isLeft && record.lastAttempt !== null) return;
      const [was, is] = [kept, record].map(({ status, subtype }) => [status, subtype]);
      must(isDeepStrictEqual(is, was), 'kept', () => `${key} turned ${said} without a measurement`);
      return;
    }
    // Measured by the first of two runs; the archive changed, and the second one failed, or was the
    // older one by a clock that had jumped back.
    if (ran.overtaken && (record.lastAttempt !== null || step.jump < 0)) return;
    measured.set(key, ran.at);
    const since = dataset.changed;
    const isFounded =
      (told.get(id) ?? -1) >= since &&
      INPUTS[check].every((input) => (measured.get(`${id} ${input}`) ?? -1) >= since);
    if (!isFounded) return;
    founded.set(key, ran.at);
    const isNew = Date.parse(record.runStart) < Date.parse(dataset.publishDate) + NEW_DAYS * DAY;
    const truth = verdictOf(dataset.break, check, isNew);
    must(said === truth, 'truth', () => `${key} is ${said}; it is ${dataset.break}, so ${truth}`);
  }

  /** The one check of the archive as a whole: what the bucket holds and nobody may see. */
  function leftoversAre(isQuiet: boolean, ran: Ran, before: View, record: CheckRecord): void {
    const last = before.records.get(`${record.dataset} ${record.check}`);
    if (record.checkedAt === (last?.checkedAt ?? null)) {
      const mayFail = !isQuiet || ran.outcome === 'failed' || ran.outcome === 'locked';
      must(mayFail, 'calm', () => `${record.check} was not measured on a calm day`);
      const isKept = isDeepStrictEqual(record.findings, last?.findings ?? []);
      must(isKept, 'kept', () => `${record.check} turned ${record.subtype} unmeasured`);
      return;
    }
    // The archive changed in the middle.
    if (ran.overtaken) return;
    const states = new Set([...world.datasets.values()].map(({ state }) => state));
    states.delete('public');
    const truth = new Set(Array.from(states, (state) => `${state}-in-bucket`));
    const found = new Set(record.findings);
    const isTrue = isQuiet ? isDeepStrictEqual(found, truth) : found.isSubsetOf(truth);
    must(isTrue, 'truth', () => `${record.check}: ${[...found]}; it is ${[...truth]}`);
  }

  function evidenceIsOfItsRecord(ran: Ran, before: View, record: CheckRecord, after: View): void {
    const { dataset: id } = record;
    const check = record.check as Check;
    const key = `${id} ${check}`;
    // A run that died before it saved its record left the old one, at most marked.
    const old = before.records.get(key);
    if (isDeepStrictEqual(withoutMark(record), withoutMark(old)) || record.checkedAt === null)
      return;
    const document = read(after, `datasets/${id}/${DOCUMENTS[check]}.json`);
    const isNone = check === 's3Files' && record.notCompared !== null;
    // Decision 0009: what an older run wrote where there was nothing stays until the next run.
    const isLeft = isNone && ran.overtaken;
    const fits = (document === undefined) === isNone || isLeft;
    must(fits, 'evidence', () => `of ${id} ${check} is amiss`);
    if (document === undefined || isNone) return;
    // A run that died between the two left newer evidence; a day without a measurement keeps both.
    const isMeasured = record.checkedAt !== old?.checkedAt;
    const [is, says] = [document, record].map(({ status, subtype, lastAttempt }) =>
      JSON.stringify([lastAttempt, ...(isMeasured ? [status, subtype] : [])]),
    );
    must(
      isDeepStrictEqual(is, says),
      'evidence',
      () => `of ${id} ${check} says ${is}, not ${says}`,
    );
  }

  function failuresAreMarked(ran: Ran, before: View, after: View): void {
    for (const [asked, answer] of ran.answers) {
      const [question, id] = asked.split(' ') as [Question, string];
      const check = ASKED_BY[question];
      if (answer !== 'failed' || check === undefined) continue;
      const key = `${id} ${check}`;
      const record = after.records.get(key);
      const isMarked = record !== undefined && record.lastAttempt !== null;
      // If one mirror is refused, others are asked too, even by a run that measured them before.
      const isOther = ran.goesOn && isDeepStrictEqual(record, before.records.get(key));
      must(isMarked || isOther, 'marked', () => `${key} failed (${question}) and does not say so`);
    }
  }

  /** Of a run on a day without any fault. */
  function quiet(step: Step, ran: Ran, before: View, after: View): void {
    const { outcome, why } = ran;
    const fits = outcome === 'published' || outcome === 'held';
    if (!fits) {
      const lost = listedIn(before).filter((id) => world.datasets.get(id)?.state !== 'public');
      const isShrunk = outcome === 'failed' && !step.accept && lost.length > 1;
      const isLocked = outcome === 'locked' && isOlder(step);
      must(isShrunk || isLocked, 'calm', () => `the run ended as ${outcome} (${why})`);
      return;
    }
    must(outcome === 'published' || !step.accept, 'calm', () => `held although accepted: ${why}`);
    for (const { id, state, break: by } of world.datasets.values()) {
      if (state !== 'public') continue;
      for (const check of CHECKS) {
        const key = `${id} ${check}`;
        const record = after.records.get(key);
        if (by === 'repo-refused' && record?.lastAttempt != null) continue;
        const isMeasured = founded.get(key) === step.id && record?.lastAttempt === null;
        // If a mirror cannot be told from a refusal, what depends on it has no basis either.
        const isOpen = by === 'repo-refused' && measured.get(key) === step.id;
        must(isMeasured || isOpen, 'calm', () => `${key} was not measured on a calm day`);
      }
    }
  }

  /** A dataset that kills, on a day without any other fault, costs its own verdicts. */
  function onePoison(step: Step, after: View): void {
    const [poison, ...others] = step.troubles;
    if (poison?.kind !== 'poison' || !isCalm({ ...step, troubles: others })) return;
    const datasets = [...world.datasets.values()].filter(({ state }) => state === 'public');
    // After a refusal the mirrors of other datasets are asked too.
    if (datasets.some(({ break: by }) => by === 'repo-refused')) return;
    for (const { id } of datasets) {
      for (const check of CHECKS) {
        const key = `${id} ${check}`;
        const { lastAttempt = null } = after.records.get(key) ?? {};
        if (id === poison.dataset) {
          must(lastAttempt !== null, 'poison', () => `${key} killed and does not say so`);
        } else {
          const isMeasured = measured.get(key) === step.id && lastAttempt === null;
          must(isMeasured, 'poison', () => `${key} was taken along by ${poison.dataset}`);
        }
      }
    }
  }

  // ---- what is published ----------------------------------------------------------------------

  function published(step: Step, ran: Ran, before: View, after: View): void {
    const [last, next] = [read(before, SUMMARY), read(after, SUMMARY)];
    const isReplaced = before.documents.get(SUMMARY) !== after.documents.get(SUMMARY);
    const inStep = (path: string) => before.documents.get(path) === after.documents.get(path);
    if (!isReplaced) {
      must(ran.outcome !== 'published' || ran.troubled, 'published', () => 'nothing was published');
      must(inStep('summary.json') && inStep('names.json'), 'published', () => 'a part without all');
    } else {
      // A function that was given up may have continued after the summary.
      if (!ran.overtaken) rowsAreOfTheRecords(next, after);
      if (last !== undefined) nothingVanished(last, next, after);
      if (!step.accept) nothingUnasked(shownRows(before), next);
    }
    if (ran.outcome === 'held') thereWasAReason(shownRows(before), after);
    if (next === undefined) return;
    const status = read(after, 'status.json');
    const isOver = ran.outcome === 'published' && !ran.troubled;
    if (!ran.troubled) {
      const compact = read(after, 'summary.json');
      const isOne = !isReplaced || compact?.lastUpdated === next.lastUpdated;
      must(isOne, 'published', () => 'the compact summary is of another run');
    }
    if (isOver) {
      must(status.publishedAt === next.lastUpdated, 'status', () => 'tells of another summary');
    }
    const times = [null, last?.lastUpdated, next.lastUpdated];
    if (!inStep('status.json') && !ran.overtaken) {
      must(
        times.includes(status.publishedAt),
        'status',
        () => 'tells of a summary that is not there',
      );
    }
  }

  function rowsAreOfTheRecords(summary: Json, after: View): void {
    const { latestSnapshots, unverified } = read(after, REGISTRY);
    const ids = summary.datasets.map(({ id }: Json) => id).sort();
    const same = isDeepStrictEqual(ids, Object.keys(latestSnapshots).sort());
    must(same, 'rows', () => `of ${ids}, where the registry has ${Object.keys(latestSnapshots)}`);
    for (const row of summary.datasets) {
      const statuses = CHECKS.map((check) => {
        const record = after.records.get(`${row.id} ${check}`);
        const is = [row.checks[check], row.issueSubtypes?.[check] ?? null];
        const says = [record?.status, record?.subtype ?? null];
        // A check that never finished has no record, and is pending if every row has it.
        const fits = record === undefined ? [undefined, 'pending'].includes(is[0]) : true;
        must(
          fits && (record === undefined || isDeepStrictEqual(is, says)),
          'rows',
          () => `${row.id} ${check} is ${is} in the summary and ${says} in its record`,
        );
        const kept = check === 'github' ? unverified[row.id] : undefined;
        const mark = record?.lastAttempt ?? kept ?? null;
        must(
          isDeepStrictEqual(row.unverified?.[check] ?? null, mark),
          'marked',
          () => `${row.id} ${check} is not marked in the summary as in its record`,
        );
        return row.checks[check];
      });
      const worst = WORST_FIRST.find((status) => statuses.includes(status));
      must(
        row.status === worst,
        'rows',
        () => `${row.id} is ${row.status}, its checks ${statuses}`,
      );
    }
  }

  function nothingVanished(last: Json, next: Json, after: View): void {
    const shown = new Set(next.datasets.map(({ id }: Json) => id));
    const gone = withdrawnIn(after);
    const registry = read(after, REGISTRY);
    for (const { id } of registry.gone ?? []) gone.add(id);
    // It left in a run that published nothing, and came back without snapshots.
    for (const id of Object.keys(registry.skipped)) gone.add(id);
    for (const { id } of last.datasets) {
      must(
        shown.has(id) || gone.has(id),
        'vanished',
        () => `${id} left the summary without a word`,
      );
    }
  }

  /** In so small an archive each dataset exceeds the shares of docs/checks.md#unverified. */
  function nothingUnasked(rows: ReadonlyMap<string, Json>, next: Json): void {
    for (const row of next.datasets) {
      const was = rows.get(row.id);
      const isWorse = was !== undefined && BAD.has(row.status) && rank(was) > rank(row);
      must(!isWorse, 'held', () => `${row.id} turned ${row.status} and nobody was asked`);
      // The mark of a kept registry entry holds nothing.
      const marks = Object.entries(row.unverified ?? {}).filter(([check]) => check !== 'github');
      const isUnverified = marks.some(([, mark]) => mark != null) && !was?.unverified;
      must(!isUnverified, 'held', () => `${row.id} turned unverified and nobody was asked`);
    }
  }

  function thereWasAReason(rows: ReadonlyMap<string, Json>, after: View): void {
    // Perhaps in this very step.
    const newer = read(after, 'summary.json')?.run > read(after, 'status.json').lastRun.id;
    const reasons = Object.keys(read(after, REGISTRY).latestSnapshots).some((id) => {
      const records = CHECKS.map((check) => after.records.get(`${id} ${check}`));
      const was = rows.get(id);
      const statuses = records.map((record) => record?.status ?? 'pending');
      const status = WORST_FIRST.find((it) => (statuses as string[]).includes(it)) as string;
      const isWorse =
        was !== undefined && BAD.has(status) && rank(was) > WORST_FIRST.indexOf(status);
      return isWorse || (!was?.unverified && records.some((record) => record?.lastAttempt != null));
    });
    must(newer || reasons, 'held', () => 'held without a reason');
  }

  return { check };
}

/**
 * Rows by dataset as the page shows them, which a person was asked about: a run that died while
 * publishing left another all-datasets.json beside them.
 */
function shownRows(view: View): ReadonlyMap<string, Json> {
  const page = read(view, 'summary.json');
  if (page === undefined) {
    const datasets: Json[] = read(view, SUMMARY)?.datasets ?? [];
    return new Map(datasets.map((row) => [row.id, row]));
  }
  const { columns, verdicts, unverified } = readCompact(page);
  return new Map(
    columns.id.map((id, place) => {
      const { status } = verdicts[columns.verdict[place] as number] as Json;
      return [id, { status, unverified: unverified[place] ?? null }];
    }),
  );
}

/** What a registry is compared with: what is shown, or the last registry if nothing was published. */
function listedIn(view: View): readonly string[] {
  const shown = [...shownRows(view).keys()];
  return shown.length > 0 ? shown : Object.keys(read(view, REGISTRY)?.latestSnapshots ?? {});
}

/** A record without the mark that its document is being written. */
function withoutMark(record: Json | undefined): Json | undefined {
  if (record === undefined) return undefined;
  const { changing: _, ...rest } = record;
  return rest;
}

const rank = ({ status }: Json): number => WORST_FIRST.indexOf(status);
/** Of a check that was never measured. */
const NEVER = { status: 'pending', subtype: null };
