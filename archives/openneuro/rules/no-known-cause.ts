// Findings that no rule explains (docs/checks.md#causes): reported as such, with a command that
// shows the fault from outside, so that somebody can investigate.

import { CATALOGUE } from '../catalogue.ts';
import { access } from '../checks/s3-access.ts';
import { s3Files } from '../checks/s3-files.ts';
import {
  CHECK_SUBTYPES,
  CONTENT_CHECKS,
  type ContentCheck,
  NAME_CHECKS,
  type NameCheck,
  type Subtype,
} from '../vocabulary.ts';
import * as command from './cause-commands.ts';
import type { CauseInput, Found } from './cause-input.ts';
import { waits } from './just-published.ts';
import { showExtra, showLacking } from './show-files.ts';

/** The checks whose findings get causes: mirror and export. */
type CheckOfCopies = NameCheck | ContentCheck;
const CHECKS_OF_COPIES: readonly CheckOfCopies[] = [...NAME_CHECKS, ...CONTENT_CHECKS];

type Show = (input: CauseInput) => command.Command;

const refs: Show = ({ archive, id }) => command.listRefs(archive, id);
const description: Show = ({ archive, id }) => command.showDescription(archive, id);
const exportLog: Show = ({ archive, id }) => command.showAnnexLog(archive, id);
const object =
  (pathOf: (input: CauseInput) => string | undefined): Show =>
  (input) => {
    const path = pathOf(input);
    const { archive, id } = input;
    return path === undefined
      ? command.listObjects(archive, id)
      : command.headObject(archive, id, path);
  };
const listing = object(() => undefined);
const descriptionHead = object(() => 'dataset_description.json');
const asked = (isIt: (one: { httpStatus: number; archived?: true | undefined }) => boolean) =>
  object((input) => input.access?.asked.find(isIt)?.path);
const differing = (subtype: Subtype) =>
  object(({ s3Content }) => s3Content?.mismatches.find((one) => one.subtype === subtype)?.path);

/** The command that shows each finding to anybody. */
const SHOWN: Readonly<Record<Subtype<CheckOfCopies>, Show>> = {
  'repo-not-found': refs,
  'repo-disabled': refs,
  'repo-empty': refs,
  'tag-missing': refs,
  'sha-mismatch': refs,
  'head-on-annex': refs,
  'head-mismatch': refs,
  'default-branch-stale': refs,
  'head-unknown': refs,
  'older-tag-missing': refs,
  'annex-branch-missing': refs,
  blocked: descriptionHead,
  'doi-mismatch': description,
  'no-doi': description,
  'invalid-json': description,
  'description-missing': descriptionHead,
  'description-archived': descriptionHead,
  'export-missing': listing,
  'files-missing': showLacking,
  'files-orphaned': showExtra,
  'size-mismatch': differing('size-mismatch'),
  'content-mismatch': differing('content-mismatch'),
  // The cause still-private explains every 403.
  private: listing,
  'partly-private': listing,
  archived: asked(({ archived }) => archived === true),
  'listed-not-readable': asked(({ httpStatus }) => httpStatus === 404),
  'claimed-missing': object(({ annexRecord }) => annexRecord?.claimedMissingPaths[0]),
  'export-behind': exportLog,
  'export-ahead': exportLog,
  'export-of-no-snapshot': exportLog,
  'export-unknown': exportLog,
  'export-incomplete': exportLog,
  'unversioned-keys': ({ archive, id }) => command.countVersions(archive, id),
  remotes: ({ archive, id }) => command.showAnnexLog(archive, id, ['remote.log', 'trust.log']),
};

/** @param explained by known causes */
export function noKnownCause(input: CauseInput, explained: ReadonlySet<Subtype>): Found | null {
  const found = CHECKS_OF_COPIES.flatMap((check) =>
    countingOf(input, check).map((subtype) => ({ check, subtype })),
  ).filter(({ subtype }) => !explained.has(subtype));
  if (found.length === 0) return null;
  const commands = new Set(found.map(({ subtype }) => SHOWN[subtype](input)));
  return {
    explains: found.map(({ subtype }) => subtype),
    evidence: found.map(
      ({ check, subtype }) => CATALOGUE.issues.get(`${check}:${subtype}`)?.says ?? '',
    ),
    // Each by itself: one that finds nothing must not hide the others.
    verify: [...commands].filter((one) => one !== null).join('\n') || null,
    mend: null,
  };
}

/** Findings of a check that count today (docs/checks.md#new-datasets), worst first. */
function countingOf(input: CauseInput, check: CheckOfCopies): readonly Subtype<CheckOfCopies>[] {
  const document = documentOf(input, check);
  if (document === null) return [];
  const { findings } = document;
  const counting =
    input.waitsUntil === null
      ? findings
      : findings.filter((finding) => !waits(check, finding, document));
  return CHECK_SUBTYPES[check].filter((subtype: Subtype<CheckOfCopies>) =>
    counting.includes(subtype),
  );
}

function documentOf(input: CauseInput, check: CheckOfCopies): Parameters<typeof waits>[2] | null {
  const { github, s3Version, s3Diff, s3Content, annexRecord } = input;
  switch (check) {
    case 'github':
      return github && { findings: github.findings.map(({ subtype }) => subtype) };
    case 's3Version':
      return s3Version && { findings: s3Version.subtype === null ? [] : [s3Version.subtype] };
    case 's3Files':
      return s3Diff && { findings: s3Files.judge(s3Diff) };
    case 's3Content':
      return s3Content;
    case access.id:
      return input.access;
    case 'annexRecord':
      return annexRecord;
  }
}
