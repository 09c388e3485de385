// The content checks of a dataset's copies: how deep the files were compared, who may read them,
// and what git-annex recorded. A check that was not made says so.

import type { FunctionComponent } from 'preact';
import { capital, comparedOf, coverage } from '../../../core/documents/coverage.ts';
import { counted, date, number } from '../../../core/documents/format.ts';
import type { CardProps } from '../../../frontend/dataset/archive-cards.ts';
import { Fact } from '../../../frontend/dataset/check-card.tsx';
import { EvidenceCard } from '../../../frontend/dataset/evidence-card.tsx';
import { Paths } from '../../../frontend/dataset/paths.tsx';
import { catalogue } from '../../../frontend/shared/catalogue.ts';
import { visible } from '../../../frontend/shared/visible.ts';
import { Commit, ComparedTree } from './commit.tsx';
import {
  ACCESS,
  type AccessEvidence,
  type ContentEvidence,
  type RecordEvidence,
} from './content-documents.ts';
import { access, annexRecord, content } from './state.ts';

export const CONTENT_CARDS = {
  s3Content: ({ id, row }) => (
    <EvidenceCard check="s3Content" row={row} document={content.value} reach={reachOf(row)}>
      {(evidence) => <ContentFacts id={id} evidence={evidence} />}
    </EvidenceCard>
  ),
  [ACCESS]: ({ row }) => (
    <EvidenceCard check={ACCESS} row={row} document={access.value}>
      {(evidence) => <AccessFacts evidence={evidence} />}
    </EvidenceCard>
  ),
  annexRecord: ({ row }) => (
    <EvidenceCard check="annexRecord" row={row} document={annexRecord.value}>
      {(evidence) => <RecordFacts evidence={evidence} />}
    </EvidenceCard>
  ),
} satisfies Record<string, FunctionComponent<CardProps>>;

/**
 * How deep contents were compared: from the evidence, or from the row if the evidence could not be
 * loaded.
 */
function reachOf(row: CardProps['row']): string | null {
  const loaded = content.value.kind === 'loaded' ? content.value.value : null;
  const inRow = row && comparedOf(catalogue, row);
  const compared = loaded === null ? inRow : loaded.snapshotTag && loaded.compared;
  return compared ? `${capital(coverage(compared))}.` : null;
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
  // Without the latest tag the versions are not known. If they were not read, the rest is still
  // known.
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

/** A count is shown with its basis: `at least 2 (0 of 5,532 logs of versions read)`. */
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
