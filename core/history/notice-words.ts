// Notices in words, for feeds and messages.

import type { Catalogue, Cause } from '../documents/catalogue.ts';
import { counted } from '../documents/format.ts';
import type { FindingWords } from '../monitor/check.ts';
import type { Notice } from './events.ts';
import { OVERALL, statusOfVerdict, subtypeOfVerdict } from './verdict-text.ts';
import { sinceWords, verdictWords } from './words.ts';

type Words = Pick<Catalogue, 'issues' | 'checkById' | 'causeById'>;
type CheckNotice = Notice['checks'][number];

/** `files missing`; words in capitals keep them: `DOI missing`. */
export const lowerFirst = (text: string): string =>
  /^\p{Lu}\p{Ll}*(?!\p{L})/u.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** `files missing`, `fixed (mirror)`, `withdrawn` */
export function noticeWords(catalogue: Words, { kind, status, checks }: Notice): string {
  const [first] = checks;
  const what =
    first?.to == null
      ? lowerFirst(verdictWords(catalogue, OVERALL, status))
      : labelOf(catalogue, first.check, first.to);
  switch (kind) {
    case 'fault':
      return what;
    case 'flaps':
      return `${what}, again and again`;
    case 'worse':
      return `worse: ${what}`;
    case 'changed':
      return `changed: ${what}`;
    case 'mended':
      return `fixed${inBrackets(checks.map(({ check }) => nameOf(catalogue, check)))}`;
    case 'withdrawn':
      return 'withdrawn';
  }
}

const inBrackets = (names: readonly string[]) => (names.length > 0 ? ` (${names.join(', ')})` : '');

/** What, since when, and what fixes it: five sentences at most. */
export function noticeSentences(
  catalogue: Words,
  { kind, checks, causes }: Notice,
  firstRun: string,
): string[] {
  const [first, ...others] = checks;
  if (kind === 'withdrawn') return ['The archive no longer lists it.'];
  if (first === undefined) return [];
  if (kind === 'mended') {
    const over = checks.map(({ check, from }) => from && labelOf(catalogue, check, from));
    const oks = checks.flatMap(({ check, to }) => okOf(catalogue, check, to));
    return [`No longer found: ${over.filter(Boolean).join(', ')}.`, ...oks.slice(0, 4)];
  }
  const words = first.to === null ? undefined : findingOf(catalogue, first.check, first.to);
  const more = others.flatMap(({ check, from, to }) => {
    if (to === null) return [];
    const now = from !== null && statusOfVerdict(to) === 'ok' ? ' again' : '';
    return [`${nameOf(catalogue, check)}: ${labelOf(catalogue, check, to)}${now}`];
  });
  const cause = knownCauses(catalogue, causes).map(({ label }) => lowerFirst(label));
  return [
    words?.says ?? `${verdictWords(catalogue, first.check, first.to ?? '')}.`,
    `${upperFirst(sinceWords(first.since, firstRun))}.`,
    ...(more.length > 0 ? [`Also ${more.join('; ')}.`] : []),
    ...(cause.length > 0 ? [`Likely cause: ${cause.join(', ')}.`] : []),
    ...(words ? [words.fix] : []),
  ];
}

/** Without the one that only says that nothing explains a finding. */
const knownCauses = ({ causeById }: Words, ids: readonly string[] = []): Cause[] =>
  ids.flatMap((id) => {
    const cause = causeById.get(id);
    return cause === undefined || cause.unexplained ? [] : [cause];
  });

export const findingOf = (
  { issues }: Words,
  check: string,
  verdict: string,
): FindingWords | undefined => issues.get(`${check}:${subtypeOfVerdict(verdict)}`);

const labelOf = (catalogue: Words, check: string, verdict: string): string =>
  lowerFirst(
    findingOf(catalogue, check, verdict)?.label ?? verdictWords(catalogue, check, verdict),
  );

const nameOf = ({ checkById }: Words, check: string): string =>
  lowerFirst(checkById.get(check)?.words.name ?? check);

function okOf({ checkById }: Words, check: string, to: CheckNotice['to']): string[] {
  const ok = to === 'ok' ? checkById.get(check)?.words.ok : undefined;
  return ok === undefined ? [] : [ok];
}

/** Sentences about many datasets at once: what they have, and the three causes that explain most. */
export function manyWords(
  catalogue: Words & Pick<Catalogue, 'words'>,
  notices: readonly Notice[],
): string[] {
  const issues = countedBy(notices.map((notice) => [noticeWords(catalogue, notice)]));
  const datasets = (count: number) => counted(count, catalogue.words.entry);
  const causes = countedBy(notices.map((notice) => knownCauses(catalogue, notice.causes)))
    .slice(0, 3)
    .map(({ name: { label, says }, count }) => `${label} (${datasets(count)}). ${says}`);
  return [
    `${issues
      .slice(0, 10)
      .map(({ name, count }) => `${datasets(count)}: ${name}`)
      .join('; ')}.`,
    ...(causes.length > 0 ? [`Likely causes: ${causes.join(' ')}`] : []),
    'When so many change at once, the archive or the measurement is more likely at fault than each of them: look there first.',
  ];
}

/** Names by how often they are there, the most frequent first. */
function countedBy<T>(all: readonly (readonly T[])[]) {
  const counts = new Map<T, number>();
  for (const name of all.flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Array.from(counts, ([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}
