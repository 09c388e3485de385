// A check: what it found, who can fix it, when it was measured, and its evidence. One that is in
// order is a line, which opens to its evidence.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { canFix } from '../../core/documents/can-fix.ts';
import { subtypeOf } from '../../core/documents/catalogue.ts';
import type { Attempt } from '../../core/documents/documents.ts';
import { listed } from '../../core/documents/format.ts';
import { issueSentence } from '../../core/documents/headline.ts';
import type { Row } from '../../core/documents/rows.ts';
import { countsFrom } from '../../core/documents/words.ts';
import { isOnItsWay, leading } from '../../core/monitor/check.ts';
import { Age } from '../shared/age.tsx';
import { Badge } from '../shared/badge.tsx';
import { CHECKS, catalogue, DATA, ENTRY } from '../shared/catalogue.ts';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { details, fixOf, whoFixes } from './chosen-details.ts';
import { sentences } from './chosen-sentences.ts';
import type { Verdict } from './documents.ts';
import type { FoundIssue } from './issues.ts';
import { More } from './more.tsx';
import { type Asked, checkDocument, subject } from './state.ts';
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
  const words = catalogue.checkById.get(check)?.words;
  const evidence = document.kind === 'loaded' ? document.value : null;
  const own = row?.checks[check];
  const published = own?.status ?? null;
  // The card describes the document; its head shows the published status.
  const status = evidence?.status ?? published;
  const head = published ?? status;
  const isOther = differsFromPublished(check, row, evidence, issues);
  const attempt = evidence?.lastAttempt ?? own?.lastAttempt ?? null;
  const about = (
    <>
      {head && <Badge status={head} />}
      <Measured at={own?.at ?? null} never={document.kind === 'none'} attempt={attempt} />
    </>
  );
  const ok = status === 'ok' ? details.ok[CHECKS.indexOf(check)] : null;
  const proof = (
    <div class="proof">
      {reach && <p class="reach">{reach}</p>}
      <Evidence document={document}>{props.children}</Evidence>
      <JsonLink check={check} document={document} />
    </div>
  );
  const frame = {
    id: `check-${check}`,
    class: `check ${head ?? 'unknown'}`,
    'aria-labelledby': `name-${check}`,
  };
  if (published === 'ok' && ok && !isOther) {
    return (
      <article {...frame}>
        <details>
          <summary>
            <h2 id={`name-${check}`}>{words?.name}</h2>
            {about}
            <span class="verdict">{ok}</span>
          </summary>
          {proof}
        </details>
      </article>
    );
  }
  return (
    <article {...frame}>
      <header>
        <h2 id={`name-${check}`}>
          <a class="anchor" href={`#check-${check}`}>
            {words?.name}
          </a>
        </h2>
        {about}
      </header>
      <div class="body">
        <div>
          {isOther && status && <Unpublished status={status} />}
          {ok && <p class="verdict">{ok}</p>}
          <Findings {...props} status={status} />
          {issues.length === 0 && status !== 'ok' && otherwise && (
            <p class="verdict">{otherwise}</p>
          )}
        </div>
        {proof}
      </div>
    </article>
  );
}

function Findings<T extends Verdict>({
  check,
  row,
  document,
  issues,
  status,
}: Props<T> & { readonly status: string | null }) {
  const definition = catalogue.checkById.get(check);
  const evidence = document.kind === 'loaded' ? document.value : null;
  const pending = evidence ? evidence.pending : status === 'pending' ? row?.pending : null;
  const subtypes = issues.map(({ issue }) => subtypeOf(issue));
  const first = definition ? leading(definition, subtypes) : subtypes;
  const onItsWay = (subtype: string) =>
    definition !== undefined && isOnItsWay(definition, subtype, subtypes, evidence ?? {});
  const follow = issues.filter(({ issue }) => !first.includes(subtypeOf(issue)));
  return (
    <>
      {pending && (
        <p class="verdict">
          <b>{countsFrom(pending)}.</b>
        </p>
      )}
      {issues
        .filter(({ issue }) => first.includes(subtypeOf(issue)))
        .map(({ issue, tags }) => (
          <IssueText
            key={issue}
            issue={issue}
            tags={tags}
            row={row}
            counts={!pending || (status !== 'pending' && !onItsWay(subtypeOf(issue)))}
          />
        ))}
      {follow.length > 0 && (
        <p class="follow">
          What follows from it:{' '}
          {listed(
            follow.map(({ issue }) => catalogue.issues.get(issue)?.label.toLowerCase() ?? ''),
          )}
          .
        </p>
      )}
    </>
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
    <span class="measured">
      {attempt && <Icon sign="unverified" />}{' '}
      {at === null ? (
        never && 'Never measured'
      ) : (
        <>
          {attempt ? 'Unverified since' : 'Measured'} <Age at={at} ago />
        </>
      )}
    </span>
  );
}

interface IssueProps extends FoundIssue {
  readonly row: Row | null;
  readonly counts: boolean;
}

/** A finding that does not count yet may fix itself, so there is nothing to do. */
function IssueText({ issue, tags, row, counts }: IssueProps) {
  return (
    <div class="issue">
      <p class="verdict">
        {row ? issueSentence(catalogue, row, issue, sentences) : sentences[issue]?.says}
      </p>
      {tags.length > 0 && (
        <p class="tags">
          {tags.map((tag) => (
            <code key={tag}>{visible(tag)}</code>
          ))}
        </p>
      )}
      {counts && (
        <p class="fix">
          <b>{canFix(whoFixes(issue), ENTRY)}:</b> {fixOf(issue)}
        </p>
      )}
    </div>
  );
}

function Evidence<T extends Verdict>(props: Pick<Props<T>, 'document' | 'children'>) {
  switch (props.document.kind) {
    case 'loaded':
      return <Facts>{props.children(props.document.value)}</Facts>;
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

/** More are folded away; style.css has it as well. */
const LINES = 3;

/** Facts, and paths within them, of which the first are shown. */
function Facts({ children }: { children: ComponentChildren }) {
  const list = useRef<HTMLDListElement>(null);
  const [isLong, setLong] = useState(false);
  const [isOpen, open] = useState(false);
  useLayoutEffect(() => {
    const facts = list.current?.childElementCount ?? 0;
    setLong(facts > LINES + 1 || list.current?.querySelector(`li:nth-child(${LINES + 1})`) != null);
  });
  return (
    <>
      <dl ref={list} class={isLong && !isOpen ? 'evidence folded' : 'evidence'}>
        {children}
      </dl>
      {isLong && <More isOpen={isOpen} toggle={() => open(!isOpen)} />}
    </>
  );
}

/** The document that the card is made of. */
function JsonLink({ check, document: { kind } }: { check: string; document: Asked<unknown> }) {
  const of = subject.value;
  if (!('id' in of) || kind === 'none' || kind === 'absent' || kind === 'waiting') return null;
  const path = checkDocument(of.id, check);
  return (
    <a class="json" href={DATA + path}>
      {path.slice(path.lastIndexOf('/') + 1)}
    </a>
  );
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
