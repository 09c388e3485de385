// The messages about what changed: what a run told, and a digest of several. Pure.

import { compareBytes } from '../compare/byte-order.ts';
import type { Catalogue } from '../documents/catalogue.ts';
import { counted, longDate, number } from '../documents/format.ts';
import type { SiteAddresses } from '../documents/site.ts';
import { visible } from '../documents/visible.ts';
import { STATUSES, type Status } from '../documents/vocabulary.ts';
import { changesByDay } from './changes-lines.ts';
import { changesOf, countChanges } from './classify.ts';
import type { RunEvent, RunNotice } from './documents.ts';
import type { Notice } from './events.ts';
import { findingOf, manyWords, noticeSentences, noticeWords } from './notice-words.ts';
import { dayOf } from './paths.ts';
import { countsText } from './words.ts';

/** The body of the webhook, and a line of `--notify`. */
export interface Message {
  readonly schemaVersion: 1;
  /** The same whenever it is sent again. */
  readonly id: string;
  readonly archive: string;
  readonly kind: 'changes' | 'digest';
  /** The newest run that it tells of, and when it began. */
  readonly run: string;
  readonly at: string;
  /** Start of the period: the same run, or the first of a digest. */
  readonly since: string;
  readonly summary: { readonly faults: number; readonly mended: number; readonly worse: number };
  /** The worst status that it tells of. */
  readonly worst: Status;
  /** At most 100. */
  readonly datasets: readonly Told[];
  /** How many datasets are left out. */
  readonly more: number;
  /** At most 100 characters of ASCII. */
  readonly subject: string;
  readonly text: string;
}

interface Told {
  readonly id: string;
  readonly run: string;
  readonly kind: Notice['kind'];
  /** The worst check; null if it is no check's. */
  readonly check: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly since: string | null;
  readonly url: string | null;
  readonly says: string;
  /** What to do; null if there is nothing. */
  readonly mend: string | null;
}

export interface MessageContext {
  readonly catalogue: Catalogue;
  /** Null if nobody told where the site is. */
  readonly site: SiteAddresses | null;
  /** What a reader must know of the archive. */
  readonly about: string | null;
  readonly firstRun: string;
}

/** What is told at once. The rest is in the digest and in feeds. */
const AT_ONCE: ReadonlySet<Notice['kind']> = new Set(['fault', 'flaps', 'mended']);
const MOST_DATASETS = 100;
const MOST_SUBJECT = 100;
/** Three times the worst day of half a recorded year: a person should look at the archive. */
const MANY_FAULTS = 10;
/** Of a day and kind of change in a digest: nobody reads more in a mail, and the page has all. */
const MOST_LINES = 50;
const TOLD = 'Faults that a second run confirmed, and those that are over:';
/** SNS takes 256 KB in all. */
const MOST_TEXT = 100_000;

/** The message about what one run told; null if there is nothing to say at once. */
export function changesMessage(
  context: MessageContext,
  run: string,
  notices: readonly Notice[],
): Message | null {
  const told = notices
    .filter(({ kind }) => AT_ONCE.has(kind))
    .map((notice) => ({ run, ...notice }));
  if (told.length === 0) return null;
  return messageOf(context, 'changes', { run, since: run }, told, []);
}

/**
 * @param events all of the period
 * @returns null if nothing changed but by other rules
 */
export function digestMessage(
  context: MessageContext,
  period: { readonly run: string; readonly since: string },
  notices: readonly RunNotice[],
  events: readonly RunEvent[],
): Message | null {
  const changes = events
    .flatMap(changesOf)
    .filter(({ because }) => because === undefined)
    .toSorted((a, b) => compareBytes(b.run, a.run));
  if (notices.length + changes.length === 0) return null;
  const { catalogue } = context;
  const days = changesByDay(catalogue, changes, { safe: visible, most: MOST_LINES });
  const counts = countsText(countChanges(changes), catalogue.words.entry);
  const lines = [`All changes since ${longDate(period.since)}: ${counts}.`, ...days];
  return messageOf(context, 'digest', period, notices, changes.length === 0 ? [] : lines);
}

function messageOf(
  context: MessageContext,
  kind: Message['kind'],
  { run, since }: { readonly run: string; readonly since: string },
  notices: readonly RunNotice[],
  lines: readonly string[],
): Message {
  const { catalogue, site, about } = context;
  const count = (...kinds: Notice['kind'][]) =>
    notices.filter((notice) => kinds.includes(notice.kind)).length;
  const summary = {
    faults: count('fault', 'flaps'),
    mended: count('mended'),
    worse: count('worse', 'changed'),
  };
  const isMany = kind === 'changes' && summary.faults > MANY_FAULTS;
  const says = [
    summary.faults > 0 && counted(summary.faults, 'new fault'),
    summary.mended > 0 && `${number(summary.mended)} fixed`,
    summary.worse > 0 && `${number(summary.worse)} worse or changed`,
  ].filter((part) => part !== false);
  const what = isMany
    ? `${counted(summary.faults, catalogue.words.entry)} at once`
    : says.join(', ') || 'what changed';
  const subject = `Mirrorwatch ${catalogue.words.title}${kind === 'digest' ? ' digest' : ''}: ${what}`;
  const shown = notices.slice(0, MOST_DATASETS);
  const more = notices.length - shown.length;
  const faults = notices.filter((notice) => notice.kind === 'fault' || notice.kind === 'flaps');
  const each = shown.map((notice) => {
    const address = site === null ? [] : [site.dataset(notice.id)];
    const sentences = noticeSentences(catalogue, notice, context.firstRun);
    return [`${notice.id}: ${noticeWords(catalogue, notice)}`, ...sentences, ...address].join(
      '\n  ',
    );
  });
  const parts = [
    ...(about === null ? [] : [about]),
    ...(kind === 'digest' && each.length > 0 ? [TOLD] : []),
    ...(isMany ? manyWords(catalogue, faults) : each),
    ...(!isMany && more > 0 ? [`And ${counted(more, catalogue.words.entry)} more.`] : []),
    ...lines,
    ...(site === null ? [] : [`On the page: ${site.changes(dayOf(since), dayOf(run))}`]),
  ];
  const text = `${parts.join('\n\n')}\n`;
  return {
    schemaVersion: 1,
    id: [catalogue.id, run, ...(kind === 'digest' ? ['digest'] : [])].join('/'),
    archive: catalogue.id,
    ...{ kind, run, at: run, since, summary },
    worst: worstOf(notices),
    datasets: shown.map((notice) => toldOf(context, notice)),
    more,
    subject: asciiOf(subject).slice(0, MOST_SUBJECT),
    text: text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…\n` : text,
  };
}

const worstOf = (notices: readonly Notice[]): Status =>
  STATUSES[
    Math.min(STATUSES.length - 1, ...notices.map(({ status }) => STATUSES.indexOf(status)))
  ] as Status;

function toldOf({ catalogue, site, firstRun }: MessageContext, notice: RunNotice): Told {
  const { id, run, kind, checks } = notice;
  const [first] = checks;
  const finding = first?.to == null ? undefined : findingOf(catalogue, first.check, first.to);
  return {
    ...{ id, run, kind },
    check: first?.check ?? null,
    from: first?.from ?? null,
    to: first?.to ?? null,
    since: first?.since ?? null,
    url: site?.dataset(id) ?? null,
    says: noticeSentences(catalogue, notice, firstRun).join(' '),
    mend: finding?.fix ?? null,
  };
}

/** An archive's title may have letters that the subject of a mail may not. */
const asciiOf = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');
