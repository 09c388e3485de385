// Filters by likely cause, check, issue and unverified, each with the number of datasets it would
// show. Tab stops once in each group.

import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { checkOf, type SentenceWords } from '../../core/documents/catalogue.ts';
import { number } from '../../core/documents/format.ts';
import { PENDING_WORDS } from '../../core/documents/words.ts';
import { notChecked } from '../shared/archive.tsx';
import { CAUSES, CHECKS, catalogue, chosen as chosenArchive, ISSUES } from '../shared/catalogue.ts';
import { useGroup } from '../shared/group.ts';
import { choiceCounts, index, show, uncheckedCounts, view } from './state.ts';
import { toggled } from './view.ts';

export function Facets() {
  const { unverified, pending } = choiceCounts.value;
  const justPublished = PENDING_WORDS['just-published'];
  return (
    <div class="facets">
      <CauseFacets />
      {CHECKS.map((check) => (
        <CheckFacets key={check} check={check} />
      ))}
      <Group name="Measurement">
        <Facet
          label="Unverified"
          title="The newest attempt to measure failed"
          count={unverified}
          pressed={view.value.unverified}
          press={() => show({ ...view.value, unverified: !view.value.unverified })}
        />
        {(pending > 0 || view.value.justPublished) && (
          <Facet
            label={justPublished.label}
            title={justPublished.says}
            count={pending}
            pressed={view.value.justPublished}
            press={() => show({ ...view.value, justPublished: !view.value.justPublished })}
          />
        )}
      </Group>
    </div>
  );
}

function Group({ name, children }: { name: string; children: ComponentChildren }) {
  const group = useGroup();
  return (
    <div class="group" role="toolbar" aria-label={name} aria-orientation="vertical" ref={group}>
      <h2>{name}</h2>
      {children}
    </div>
  );
}

/** What each cause and each issue is, which the list has no room for. */
const causeWords = signal<readonly string[]>([]);
const issueWords = signal<SentenceWords>({});

async function loadWords(): Promise<void> {
  const [{ DETAILS }, { SENTENCE_WORDS }] = await Promise.all([
    import('../dataset/details.ts'),
    import('../dataset/sentence-words.ts'),
  ]);
  causeWords.value = DETAILS[chosenArchive.id]?.cause ?? [];
  issueWords.value = SENTENCE_WORDS[chosenArchive.id] ?? {};
}

/** The largest first, and last those that no cause explains. */
function CauseFacets() {
  useEffect(() => void loadWords(), []);
  const counts = choiceCounts.value.causes;
  const { causes: chosen } = view.value;
  const listed = catalogue.causes
    .map(({ id, label, unexplained = false }, place) => {
      const says = causeWords.value[place] ?? '';
      return { id, label, says, unexplained, count: counts[place] ?? 0 };
    })
    .filter(({ id, count }) => count > 0 || chosen.includes(id))
    .sort((a, b) => Number(a.unexplained) - Number(b.unexplained) || b.count - a.count);
  if (listed.length === 0) return null;
  return (
    <Group name="Likely cause">
      {listed.map(({ id, label, says, count }) => (
        <Facet
          key={id}
          label={label}
          title={says}
          count={count}
          pressed={chosen.includes(id)}
          press={() => show({ ...view.value, causes: toggled(chosen, id, CAUSES) })}
        />
      ))}
    </Group>
  );
}

function CheckFacets({ check }: { check: string }) {
  const counts = choiceCounts.value;
  const chosen = view.value;
  const name = catalogue.checkById.get(check)?.words.name ?? check;
  const place = CHECKS.indexOf(check);
  const unchecked = uncheckedCounts.value[place] ?? 0;
  if (unchecked > 0 && unchecked === index.value.ids.length) {
    return (
      <div class="group">
        <h2>{name}</h2>
        <p class="unchecked">{notChecked()}</p>
      </div>
    );
  }
  const uncompared = counts.uncompared[place] ?? 0;
  const listed = ISSUES.map((issue, at) => ({ issue, count: counts.issues[at] ?? 0 })).filter(
    ({ issue, count }) => checkOf(issue) === check && (count > 0 || chosen.issues.includes(issue)),
  );
  return (
    <Group name={name}>
      <Facet
        label="Not OK"
        title={`${name}: something was found`}
        count={counts.checks[place] ?? 0}
        pressed={chosen.checks.includes(check)}
        press={() => show({ ...chosen, checks: toggled(chosen.checks, check, CHECKS) })}
      />
      {(uncompared > 0 || chosen.uncompared.includes(check)) && (
        <Facet
          label="Not comparable"
          title={`${name}: nothing could be compared`}
          count={uncompared}
          pressed={chosen.uncompared.includes(check)}
          press={() => show({ ...chosen, uncompared: toggled(chosen.uncompared, check, CHECKS) })}
        />
      )}
      {listed.map(({ issue, count }) => (
        <Facet
          key={issue}
          label={catalogue.issues.get(issue)?.label ?? issue}
          title={issueWords.value[issue]?.says ?? ''}
          count={count}
          pressed={chosen.issues.includes(issue)}
          press={() => show({ ...chosen, issues: toggled(chosen.issues, issue, ISSUES) })}
        />
      ))}
      {unchecked > 0 && (
        <p class="unchecked">
          {notChecked()} <span class="count">{number(unchecked)}</span>
        </p>
      )}
    </Group>
  );
}

interface FacetProps {
  readonly label: string;
  readonly title: string;
  readonly count: number;
  readonly pressed: boolean;
  readonly press: () => void;
}

function Facet({ label, title, count, pressed, press }: FacetProps) {
  return (
    <button type="button" class="facet" title={title} aria-pressed={pressed} onClick={press}>
      <span>{label}</span>
      <span class="count">{number(count)}</span>
    </button>
  );
}
