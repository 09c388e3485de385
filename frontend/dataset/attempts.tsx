// Checks whose newest attempt to measure failed: said once for all of them, with the request and
// its answer, and not on each card.

import type { Attempt } from '../../core/documents/documents.ts';
import { listed, moment } from '../../core/documents/format.ts';
import type { Row } from '../../core/documents/rows.ts';
import { FAILURE_WORDS } from '../../core/documents/words.ts';
import { archive } from '../shared/archive.tsx';
import { catalogue } from '../shared/catalogue.ts';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { OWN } from './own-cards.ts';

interface Failed {
  readonly id: string;
  readonly name: string;
  readonly attempt: Attempt;
}

export function Attempts({ row }: { row: Row | null }) {
  const failed = catalogue.checks.flatMap(({ id, words: { name } }): Failed[] => {
    const attempt = row?.checks[id]?.lastAttempt;
    return attempt ? [{ id, name, attempt }] : [];
  });
  const byReason = new Map<string, Failed[]>();
  for (const one of failed) {
    const same = byReason.get(one.attempt.reason);
    if (same) same.push(one);
    else byReason.set(one.attempt.reason, [one]);
  }
  return (
    <>
      {[...byReason.values()].map((checks) => (
        <Together key={checks[0]?.id} id={row?.id ?? ''} checks={checks} />
      ))}
    </>
  );
}

function Together({ id, checks }: { readonly id: string; readonly checks: readonly Failed[] }) {
  const [first] = checks;
  if (!first) return null;
  const { at, reason } = first.attempt;
  // Those that were asked for nothing failed with another one.
  const answered = checks.find(({ attempt }) => attempt.httpStatus !== undefined);
  const asked = OWN?.asked?.((answered ?? first).id, archive.value, id) ?? null;
  return (
    <p class="attempt">
      <Icon sign="unverified" />{' '}
      <span>
        {listed(checks.map(({ name }) => name))} could not be measured on {moment(at)}:{' '}
        {FAILURE_WORDS[reason] ?? 'the reason is unknown'}
        {answered && ` (HTTP ${answered.attempt.httpStatus})`}.
        {asked && (
          <>
            {' '}
            Asked for: <code>{visible(asked)}</code>
          </>
        )}
      </span>
    </p>
  );
}
