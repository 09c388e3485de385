// The frame of a check's card: verdict, faults and fixes, time of measurement, and the last attempt
// if it failed. The evidence below it is the check's own.

import type { ComponentChildren } from 'preact';
import { subtypeOf } from '../../core/documents/catalogue.ts';
import type { Attempt } from '../../core/documents/documents.ts';
import { moment } from '../../core/documents/format.ts';
import type { Row } from '../../core/documents/rows.ts';
import { countsFrom, FAILURE_WORDS, PENDING_WORDS } from '../../core/documents/words.ts';
import { isOnItsWay } from '../../core/monitor/check.ts';
import { Age } from '../shared/age.tsx';
import { Badge } from '../shared/badge.tsx';
import { CHECKS, catalogue, ISSUES } from '../shared/catalogue.ts';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import type { Verdict } from './documents.ts';
import type { FoundIssue } from './issues.ts';
import { type Asked, details } from './state.ts';
import { differsFromPublished, Unpublished } from './unpublished-note.tsx';

interface Props<T extends Verdict> {
  readonly check: string;
  readonly row: Row | null;
  readonly document: Asked<T>;
  readonly issues: readonly FoundIssue[];
  /** Shown if there is no issue and the check is not ok. */
  readonly otherwise?: string | null;
  /** The scope of the verdict, shown with every verdict. */
  readonly reach?: string | null;
  readonly children: (evidence: T) => ComponentChildren;
}

export function CheckCard<T extends Verdict>(props: Props<T>) {
  const { check, row, document, issues, otherwise, reach } = props;
  const definition = catalogue.checkById.get(check);
  const words = definition?.words;
  const evidence = document.kind === 'loaded' ? document.value : null;
  const own = row?.checks[check];
  const published = own?.status ?? null;
  // The card describes the document; its head shows the published status.
  const status = evidence?.status ?? published;
  const head = published ?? status;
  const isOther = differsFromPublished(check, row, evidence, issues);
  const attempt = evidence?.lastAttempt ?? own?.lastAttempt ?? null;
  const pending = evidence ? evidence.pending : status === 'pending' ? row?.pending : null;
  const subtypes = issues.map(({ issue }) => subtypeOf(issue));
  const onItsWay = (subtype: string) =>
    definition !== undefined && isOnItsWay(definition, subtype, subtypes, evidence ?? {});
  return (
    <article class={`check ${head ?? 'unknown'}`} aria-labelledby={`check-${check}`}>
      <header>
        <h2 id={`check-${check}`}>{words?.name}</h2>
        {head && <Badge status={head} />}
      </header>
      <Measured at={own?.at ?? null} never={document.kind === 'none'} attempt={attempt} />
      {isOther && status && <Unpublished status={status} />}
      {status === 'ok' && <p class="verdict">{details.ok[CHECKS.indexOf(check)]}</p>}
      {pending && (
        <p class="verdict">
          <b>{countsFrom(pending)}.</b> {PENDING_WORDS[pending.reason].says}
        </p>
      )}
      {issues.map(({ issue, tags }, at) => (
        <IssueText
          key={issue}
          issue={issue}
          tags={tags}
          counts={!pending || (status !== 'pending' && !onItsWay(subtypes[at] as string))}
        />
      ))}
      {issues.length === 0 && status !== 'ok' && otherwise && <p class="verdict">{otherwise}</p>}
      {reach && <p class="reach">{reach}</p>}
      <Evidence document={document}>{props.children}</Evidence>
    </article>
  );
}

interface MeasuredProps {
  readonly at: string | null;
  /** Never measured; `at` is null, but not because it is unknown. */
  readonly never: boolean;
  readonly attempt: Attempt | null;
}

function Measured({ at, never, attempt }: MeasuredProps) {
  return (
    <p class="measured">
      {at === null ? (
        never && 'Never measured'
      ) : (
        <>
          {attempt ? 'Unverified since' : 'Measured'} <Age at={at} ago />
        </>
      )}
      {attempt && (
        <span class="attempt">
          <Icon sign="unverified" /> The newest attempt ({moment(attempt.at)}) failed:{' '}
          {FAILURE_WORDS[attempt.reason] ?? 'the reason is unknown'}.
        </span>
      )}
    </p>
  );
}

/** A finding that does not count yet may fix itself, so there is nothing to do. */
function IssueText({ issue, tags, counts }: FoundIssue & { readonly counts: boolean }) {
  const words = catalogue.issues.get(issue);
  if (!words) return null;
  return (
    <div class="issue">
      <p class="verdict">{words.says}</p>
      {tags.length > 0 && (
        <p class="tags">
          {tags.map((tag) => (
            <code key={tag}>{visible(tag)}</code>
          ))}
        </p>
      )}
      {counts && (
        <p class="fix">
          <b>To do</b> {details.fix[ISSUES.indexOf(issue)]}
        </p>
      )}
    </div>
  );
}

function Evidence<T extends Verdict>(props: Pick<Props<T>, 'document' | 'children'>) {
  switch (props.document.kind) {
    case 'loaded':
      return <dl class="evidence">{props.children(props.document.value)}</dl>;
    case 'waiting':
      return <p class="waiting">Loading the evidence…</p>;
    case 'unasked':
    case 'none':
      return null;
    case 'absent':
      return <p class="remark">There is no document with evidence for this check.</p>;
    case 'broken':
      return (
        <p class="remark">
          <Icon sign="warning" /> The document with the evidence cannot be understood: it is broken
          or of an older form. The next run rewrites it.
        </p>
      );
    case 'failed':
      return (
        <p class="remark">
          <Icon sign="warning" /> The evidence could not be loaded. Reload the page to try again.
        </p>
      );
  }
}

/** One fact: its name and its value. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
