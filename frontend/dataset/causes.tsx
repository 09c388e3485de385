// The likely causes of the findings: evidence, a command that verifies it, then the caution and the
// command that fixes it and needs an operator's rights. The smallest change comes first. The page
// only shows the commands.

import { useState } from 'preact/hooks';
import {
  type LikelyCause,
  leastChangeFirst,
  variablesOf,
} from '../../core/documents/likely-causes.ts';
import type { Row } from '../../core/documents/rows.ts';
import { archive } from '../shared/archive.tsx';
import { CAUSES, catalogue } from '../shared/catalogue.ts';
import { copy } from '../shared/clipboard.ts';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { details } from './chosen-details.ts';
import { More } from './more.tsx';
import { OWN } from './own-cards.ts';
import { causes } from './state.ts';
import { Unpublished } from './unpublished-note.tsx';

export function Causes({ row }: { row: Row | null }) {
  const state = causes.value;
  switch (state.kind) {
    case 'unasked': {
      const likely = (row && OWN?.causes?.(archive.value, row, catalogue)) ?? [];
      return likely.length === 0 ? null : <List causes={likely} published={null} />;
    }
    case 'none':
      return null;
    case 'waiting':
      return <p class="waiting">Loading the likely causes…</p>;
    case 'loaded':
      return state.value.length === 0 ? null : (
        <List causes={state.value} published={row?.causes ?? null} />
      );
    case 'absent':
    case 'broken':
    case 'failed':
      return <p class="remark">The likely causes could not be loaded.</p>;
  }
}

const RANKED = new Map(
  catalogue.causes.map(({ id, unexplained }, place) => [
    id,
    { changes: details.changes[place] ?? 0, ...(unexplained && { unexplained }) },
  ]),
);

interface ListProps {
  readonly causes: readonly LikelyCause[];
  /** null if unknown. */
  readonly published: readonly string[] | null;
}

function List({ causes, published }: ListProps) {
  const named = new Set<string>(causes.map(({ cause }) => cause));
  const isOther = published !== null && named.symmetricDifference(new Set(published)).size > 0;
  return (
    <section class="likely" aria-labelledby="likely">
      <h2 id="likely">{causes.length === 1 ? 'Likely cause' : 'Likely causes'}</h2>
      {isOther && <Unpublished />}
      {leastChangeFirst({ causeById: RANKED }, causes).map((one) => (
        <Cause key={one.cause} {...one} />
      ))}
    </section>
  );
}

function Cause({ cause, evidence, verify, mend, untested }: LikelyCause) {
  const words = catalogue.causeById.get(cause);
  if (!words) return null;
  const { label } = words;
  const place = CAUSES.indexOf(cause);
  const caution = details.caution[place] ?? null;
  return (
    <article class="cause" aria-labelledby={`cause-${cause}`}>
      <h3 id={`cause-${cause}`}>{label}</h3>
      <p>{details.cause[place]}</p>
      <EvidenceList facts={evidence} />
      {verify !== null && <Command name="Verify" whom="anybody can" command={verify} of={label} />}
      {mend !== null && (
        <>
          {caution !== null && (
            <p class="caution">
              <Icon sign="warning" /> {caution}
            </p>
          )}
          <Command
            name="Fix"
            whom={`needs an operator's rights${untested ? ', never tested' : ''}`}
            command={mend}
            of={label}
          />
        </>
      )}
    </article>
  );
}

/** More are folded away; style.css has it as well. */
const LINES = 3;

function EvidenceList({ facts }: { readonly facts: readonly string[] }) {
  const [isOpen, open] = useState(false);
  const isLong = facts.length > LINES + 1;
  return (
    <>
      <ul class={isLong && !isOpen ? 'facts folded' : 'facts'}>
        {facts.map((fact) => (
          <li key={fact}>
            <bdi>{visible(fact)}</bdi>
          </li>
        ))}
      </ul>
      {isLong && <More isOpen={isOpen} toggle={() => open(!isOpen)} />}
    </>
  );
}

interface CommandProps {
  readonly name: string;
  readonly whom: string;
  readonly command: string;
  /** Distinguishes the buttons. */
  readonly of: string;
}

function Command({ name, whom, command, of }: CommandProps) {
  return (
    <div class="command">
      <p>
        <b>{name}</b> <span class="quiet">{whom}</span>
      </p>
      <pre tabIndex={0}>
        <code>{command.split('\n').map(visible).join('\n')}</code>
      </pre>
      <button
        type="button"
        aria-label={`Copy the command: ${name.toLowerCase()}, ${of}`}
        onClick={() => copy(command, 'Command copied.')}
      >
        Copy
      </button>
      {variablesOf(details, command).map((says) => (
        <p key={says} class="variable">
          {says}
        </p>
      ))}
    </div>
  );
}
