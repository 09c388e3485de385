// The checks of the archive as a whole, as the report of the last run has them, and what the archive
// itself adds. A check that was not made is not in it.

import '../shared/common.ts';
import type { ComponentChildren } from 'preact';
import { canFix } from '../../core/documents/can-fix.ts';
import type { RunStatus } from '../../core/documents/documents.ts';
import { moment } from '../../core/documents/format.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { FAILURE_WORDS } from '../../core/documents/words.ts';
import { Age } from '../shared/age.tsx';
import { Badge } from '../shared/badge.tsx';
import { catalogue, ENTRY } from '../shared/catalogue.ts';
import { Icon } from '../shared/icons.tsx';
import { report } from '../shared/status.ts';
import { visible } from '../shared/visible.ts';
import { WHOLE_CHECKS, type WholeCheck as WholeCheckWords } from './whole-words.ts';

type Verdict = NonNullable<RunStatus['checks']>[string];

/** @param children what the archive adds */
export function Whole({ children }: { children: ComponentChildren }) {
  const verdicts = new Map(Object.entries(report()?.checks ?? {}));
  const made = (WHOLE_CHECKS[catalogue.id] ?? []).flatMap((check) => {
    const verdict = verdicts.get(check.id);
    return verdict ? [{ check, verdict }] : [];
  });
  return (
    <>
      {made.length === 0 && <p class="quiet">No run has checked it.</p>}
      <ul>
        {made.map(({ check, verdict }) => (
          <WholeCheck key={check.id} check={check} verdict={verdict} />
        ))}
      </ul>
      {children}
    </>
  );
}

/** The report is read by hand. */
function isVerdict({ status, findings, at, lastAttempt }: Verdict): boolean {
  const isTime = (text: string) => !Number.isNaN(Date.parse(text));
  return (
    STATUSES.includes(status) &&
    Array.isArray(findings) &&
    (at === null || isTime(at)) &&
    (lastAttempt === null || isTime(lastAttempt.at))
  );
}

function WholeCheck({ check, verdict }: { check: WholeCheckWords; verdict: Verdict }) {
  const { status, findings, at, lastAttempt } = verdict;
  if (!isVerdict(verdict)) {
    return (
      <li>
        <b>{check.words.name}</b> <span class="quiet">The verdict cannot be read.</span>
      </li>
    );
  }
  return (
    <li>
      <b>{check.words.name}</b> <Badge status={status} />
      {status === 'ok' && <span>{check.words.ok}</span>}
      {findings.map((finding) => {
        const words = check.findings[finding];
        return words ? (
          <span key={finding}>
            {words.says}{' '}
            <span class="fix">
              <b>{canFix(words.who, ENTRY)}:</b> {words.fix}
            </span>
          </span>
        ) : (
          <code key={finding}>{visible(finding)}</code>
        );
      })}
      <span class="quiet">
        {at === null ? (
          'Never measured'
        ) : (
          <>
            {lastAttempt ? 'Unverified since' : 'Measured'} <Age at={at} ago />
          </>
        )}
      </span>
      {lastAttempt && (
        <span class="quiet">
          <Icon sign="unverified" /> The newest attempt ({moment(lastAttempt.at)}) failed:{' '}
          {FAILURE_WORDS[lastAttempt.reason] ?? 'the reason is unknown'}.
        </span>
      )}
    </li>
  );
}
