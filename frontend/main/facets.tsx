// Filters by check, by issue and by unverified, each with the number of datasets it would show.

import { checkOf } from '../../core/documents/catalogue.ts';
import { number } from '../../core/documents/format.ts';
import { PENDING_WORDS } from '../../core/documents/words.ts';
import { notChecked } from '../shared/archive.tsx';
import { CHECKS, catalogue, ISSUES } from '../shared/catalogue.ts';
import { choiceCounts, index, show, uncheckedCounts, view } from './state.ts';
import { toggled } from './view.ts';

export function Facets() {
  const { unverified, pending } = choiceCounts.value;
  const justPublished = PENDING_WORDS['just-published'];
  return (
    <div class="facets" role="group" aria-label="Filter by issue">
      {CHECKS.map((check) => (
        <CheckFacets key={check} check={check} />
      ))}
      <h2>Measurement</h2>
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
    </div>
  );
}

function CheckFacets({ check }: { check: string }) {
  const { checks, issues } = choiceCounts.value;
  const { checks: chosenChecks, issues: chosenIssues } = view.value;
  const name = catalogue.checkById.get(check)?.words.name ?? check;
  const unchecked = uncheckedCounts.value[CHECKS.indexOf(check)] ?? 0;
  const listed = ISSUES.map((issue, place) => ({ issue, count: issues[place] ?? 0 })).filter(
    ({ issue, count }) => checkOf(issue) === check && (count > 0 || chosenIssues.includes(issue)),
  );
  if (unchecked > 0 && unchecked === index.value.ids.length) {
    return (
      <>
        <h2>{name}</h2>
        <p class="unchecked">{notChecked()}</p>
      </>
    );
  }
  return (
    <>
      <h2>{name}</h2>
      <Facet
        label="Anything not OK"
        title={`${name}: not OK`}
        count={checks[CHECKS.indexOf(check)] ?? 0}
        pressed={chosenChecks.includes(check)}
        press={() => show({ ...view.value, checks: toggled(chosenChecks, check, CHECKS) })}
      />
      {listed.map(({ issue, count }) => (
        <Facet
          key={issue}
          label={catalogue.issues.get(issue)?.label ?? issue}
          title={catalogue.issues.get(issue)?.says ?? ''}
          count={count}
          pressed={chosenIssues.includes(issue)}
          press={() => show({ ...view.value, issues: toggled(chosenIssues, issue, ISSUES) })}
        />
      ))}
      {unchecked > 0 && (
        <p class="unchecked">
          {notChecked()} <span class="count">{number(unchecked)}</span>
        </p>
      )}
    </>
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
