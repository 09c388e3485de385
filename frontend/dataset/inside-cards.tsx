// The checks of what is inside a dataset's copies: how deep the files were compared, who may read
// them, and what git-annex recorded. A check that was not made says so.

import type { JSX } from 'preact';
import {
  type ContentCheck,
  checkOfFile,
  type NotCheckedReason,
} from '../../archives/openneuro/vocabulary.ts';
import { capital, coverage } from '../../core/documents/coverage.ts';
import { counted, date, number } from '../../core/documents/format.ts';
import type { SummaryRow } from '../../core/documents/summary.ts';
import { CHECK_WORDS, NOT_CHECKED_WORDS } from '../../core/documents/words.ts';
import { archive, notChecked } from '../shared/archive.tsx';
import { visible } from '../shared/visible.ts';
import { CheckCard, Fact, type FoundIssue, type Verdict } from './check-card.tsx';
import type { AccessEvidence, ContentEvidence, RecordEvidence } from './inside-documents.ts';
import { issuesOfCheck } from './issues.ts';
import { Commit, ComparedTree } from './links.tsx';
import { type Asked, access, annexRecord, content } from './state.ts';

interface Props {
  readonly id: string;
  /** null when the summary could not be read. */
  readonly row: SummaryRow | null;
}

const ACCESS = checkOfFile('s3-access');

export const INSIDE_CARDS: Readonly<Record<ContentCheck, (props: Props) => JSX.Element>> = {
  s3Content: ({ id, row }) => (
    <InsideCard
      key="s3Content"
      check="s3Content"
      row={row}
      document={content.value}
      reach={reachOf(row)}
    >
      {(evidence) => <ContentFacts id={id} evidence={evidence} />}
    </InsideCard>
  ),
  [ACCESS]: ({ row }) => (
    <InsideCard key={ACCESS} check={ACCESS} row={row} document={access.value}>
      {(evidence) => <AccessFacts evidence={evidence} />}
    </InsideCard>
  ),
  annexRecord: ({ row }) => (
    <InsideCard key="annexRecord" check="annexRecord" row={row} document={annexRecord.value}>
      {(evidence) => <RecordFacts evidence={evidence} />}
    </InsideCard>
  ),
};

/** Something was looked at, and it does not tell. */
const UNTOLD: ReadonlySet<NotCheckedReason> = new Set([
  'commit-not-on-mirror',
  'versions-not-read',
]);

interface InsideVerdict extends Verdict {
  readonly findings: readonly string[];
  readonly notCompared: NotCheckedReason | null;
}

interface InsideProps<T extends InsideVerdict> {
  readonly check: ContentCheck;
  readonly row: SummaryRow | null;
  readonly document: Asked<T>;
  readonly reach?: string | null;
  readonly children: (evidence: T) => JSX.Element;
}

/** How deep contents were compared: by the evidence, or by the row where that could not be loaded. */
function reachOf(row: SummaryRow | null): string | null {
  const loaded = content.value.kind === 'loaded' ? content.value.value : null;
  const compared = loaded === null ? row?.compared : loaded.snapshotTag && loaded.compared;
  return compared ? `${capital(coverage(compared))}.` : null;
}

function InsideCard<T extends InsideVerdict>(props: InsideProps<T>) {
  const { check, row, document, reach = null, children } = props;
  if (document.kind === 'unasked') return <Unchecked check={check} />;
  const loaded = document.kind === 'loaded' ? document.value : null;
  const issues: FoundIssue[] = issuesOfCheck(check, row, loaded?.findings ?? null);
  const reason = loaded?.notCompared ?? null;
  return (
    <CheckCard
      check={check}
      row={row}
      document={document}
      issues={issues}
      reach={reach}
      otherwise={
        reason &&
        `${UNTOLD.has(reason) ? 'This cannot be told' : 'There is nothing to look at'}: ${NOT_CHECKED_WORDS[reason]}.`
      }
    >
      {children}
    </CheckCard>
  );
}

function Unchecked({ check }: { check: ContentCheck }) {
  return (
    <article class="check unknown" aria-labelledby={`check-${check}`}>
      <header>
        <h2 id={`check-${check}`}>{CHECK_WORDS[check].name}</h2>
        <span class="badge pending">{notChecked()}</span>
      </header>
      <p class="verdict">
        This check was not made:{' '}
        {archive.value?.origin === 'replay'
          ? 'what it looks at was not recorded.'
          : 'it is switched off, or no run has come to it yet.'}{' '}
        It says nothing, good or bad.
      </p>
    </article>
  );
}

function ContentFacts({ id, evidence }: { id: string; evidence: ContentEvidence }) {
  const { compared, mismatches, snapshotTag, commit, notCompared } = evidence;
  if (notCompared !== null) return <Fact name="Compared">nothing</Fact>;
  const wrong = evidence.sizeMismatches + evidence.contentMismatches;
  return (
    <>
      <Fact name="Compared">
        <code>{visible(snapshotTag ?? 'unknown')}</code>{' '}
        {commit && <Commit id={id} commit={commit} />}
        {evidence.tree !== undefined && <ComparedTree tree={evidence.tree} />}
      </Fact>
      <Fact name="Content">{counted(compared.content, 'file')}</Fact>
      <Fact name="Size only">
        {counted(compared.size, 'file')}
        {compared.size > 0 && <span class="quiet"> (content not comparable)</span>}
      </Fact>
      <Fact name="Not compared">{counted(compared.none, 'file')}</Fact>
      {wrong > 0 && <Fact name="Differing">{counted(wrong, 'file')}</Fact>}
      {evidence.bytesMissing > 0 && (
        <Fact name="Missing">{`${number(evidence.bytesMissing)} bytes`}</Fact>
      )}
      {mismatches.length > 0 && (
        <Paths
          name="Files"
          of={wrong}
          paths={mismatches.map((one) => ({
            path: one.path,
            remark:
              one.subtype === 'size-mismatch'
                ? `${number(one.size)} bytes, not ${number(one.expectedSize ?? 0)}`
                : `MD5 ${one.etag.slice(0, 8)}…, not ${one.expectedMd5?.slice(0, 8)}…`,
          }))}
        />
      )}
    </>
  );
}

function AccessFacts({ evidence }: { evidence: AccessEvidence }) {
  const { asked, archivedKeys } = evidence;
  const unreadable = asked.filter(({ httpStatus, archived }) => httpStatus !== 200 || archived);
  if (asked.length === 0) return <Fact name="Asked for">nothing</Fact>;
  return (
    <>
      <Fact name="Asked for">{counted(asked.length, 'object')}, different ones each day</Fact>
      <Fact name="Readable">{number(asked.length - unreadable.length)}</Fact>
      {unreadable.length > 0 && (
        <Paths
          name="Not readable"
          of={unreadable.length}
          paths={unreadable.map(({ path, httpStatus, archived }) => ({
            path,
            remark: archived ? 'archived' : `HTTP ${httpStatus}`,
          }))}
        />
      )}
      {archivedKeys !== undefined && (
        <Fact name="Archived">
          {counted(archivedKeys, 'object')} in an archived storage class, by the listing
        </Fact>
      )}
    </>
  );
}

function RecordFacts({ evidence }: { evidence: RecordEvidence }) {
  const { remotes, foreignRemotes, exportedTree, exportedAt, annexedKeys } = evidence;
  // Without the latest tag the versions are not known; that they were not read leaves the rest known.
  const isSeen = evidence.notCompared === null || evidence.notCompared === 'versions-not-read';
  if (!isSeen) return <Fact name="Record">none</Fact>;
  const live = remotes.filter(({ dead }) => !dead).length;
  return (
    <>
      <Fact name="Remote">
        {`${number(live)} live`}
        {remotes.length > live && `, ${number(remotes.length - live)} dead`}
        {foreignRemotes.length > 0 &&
          `; ${number(foreignRemotes.length)} of this name export elsewhere`}
      </Fact>
      <Fact name="Exported">
        {exportedTree === null ? (
          'nothing recorded'
        ) : (
          <>
            <ExportedTree {...evidence} />
            {exportedAt !== null && <span class="quiet"> on {date(exportedAt)}</span>}
          </>
        )}
      </Fact>
      {annexedKeys !== null && <Fact name="Annexed">{counted(annexedKeys, 'key')}</Fact>}
      {annexedKeys !== null && <UnversionedKeys {...evidence} />}
      {evidence.unversionedPaths.length > 0 && (
        <Paths
          name="Of them"
          of={evidence.unversionedKeys ?? evidence.unversionedPaths.length}
          paths={evidence.unversionedPaths.map((path) => ({ path, remark: '' }))}
        />
      )}
      {evidence.claimedMissingPaths.length > 0 && (
        <Paths
          name="Not there"
          of={evidence.claimedMissing ?? evidence.claimedMissingPaths.length}
          paths={evidence.claimedMissingPaths.map((path) => ({ path, remark: '' }))}
        />
      )}
    </>
  );
}

/** A count counts only with what it was counted from: `at least 2 (0 of 5,532 logs of versions read)`. */
function UnversionedKeys({ unversionedKeys, versionLogs, versionsRead }: RecordEvidence) {
  const isPart = versionLogs != null && versionsRead !== null && versionsRead < versionLogs;
  if (unversionedKeys === null && !isPart) return null;
  return (
    <Fact name="Without version">
      {unversionedKeys === null
        ? 'not determined'
        : `${isPart ? 'at least ' : ''}${number(unversionedKeys)}`}
      {versionLogs != null && versionsRead !== null && (
        <span class="quiet">
          {` (${number(versionsRead)} of ${number(versionLogs)} logs of versions read)`}
        </span>
      )}
    </Fact>
  );
}

function ExportedTree({ exportedTag, exportedBranch, exportedOfNoSnapshot }: RecordEvidence) {
  if (exportedTag !== null) return <code>{visible(exportedTag)}</code>;
  if (exportedOfNoSnapshot) return <>a tree that no snapshot has</>;
  if (exportedBranch == null) return <>a tree that no tag has</>;
  return (
    <>
      the tip of the branch <code>{visible(exportedBranch)}</code>
    </>
  );
}

interface PathsProps {
  readonly name: string;
  /** How many there are in all. */
  readonly of: number;
  readonly paths: readonly { readonly path: string; readonly remark: string }[];
}

/** More are in the document. */
const SHOWN = 8;

function Paths({ name, of, paths }: PathsProps) {
  const shown = paths.slice(0, SHOWN);
  return (
    <Fact name={name}>
      <ul class="paths">
        {shown.map(({ path, remark }) => (
          <li key={path}>
            <bdi>
              <code>{visible(path)}</code>
            </bdi>
            {remark && <span class="quiet"> {visible(remark)}</span>}
          </li>
        ))}
        {of > shown.length && <li class="quiet">{`and ${number(of - shown.length)} more`}</li>}
      </ul>
    </Fact>
  );
}
