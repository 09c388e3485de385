// The checks of a dataset, each with its own evidence.

import type { FunctionComponent } from 'preact';
import { number } from '../../../core/documents/format.ts';
import type { Row } from '../../../core/documents/rows.ts';
import type { CardProps } from '../../../frontend/dataset/archive-cards.ts';
import { CheckCard, Fact } from '../../../frontend/dataset/check-card.tsx';
import { type FoundIssue, known, summarized } from '../../../frontend/dataset/issues.ts';
import { archive } from '../../../frontend/shared/archive.tsx';
import { Icon } from '../../../frontend/shared/icons.tsx';
import { visible } from '../../../frontend/shared/visible.ts';
import { askedAddress } from '../report-links.ts';
import { Commit, ComparedTree } from './commit.tsx';
import type { Differences, GithubEvidence, VersionEvidence } from './documents.ts';
import { differences, github, version } from './state.ts';

export const CHECK_CARDS = {
  github: ({ id, row }) => (
    <CheckCard check="github" row={row} document={github.value} issues={mirrorIssues(row)}>
      {(evidence) => <MirrorFacts id={id} evidence={evidence} />}
    </CheckCard>
  ),
  s3Version: ({ id, row }) => (
    <CheckCard check="s3Version" row={row} document={version.value} issues={versionIssues(row)}>
      {(evidence) => <VersionFacts id={id} evidence={evidence} />}
    </CheckCard>
  ),
  s3Files: ({ id, row }) => (
    <CheckCard
      check="s3Files"
      row={row}
      document={differences.value}
      issues={filesIssues(row)}
      otherwise={
        notCompared(row) === 'blocked'
          ? 'The export cannot be read, so its files cannot be compared.'
          : null
      }
    >
      {(evidence) => <FilesFacts id={id} evidence={evidence} />}
    </CheckCard>
  ),
} satisfies Record<string, FunctionComponent<CardProps>>;

function mirrorIssues(row: Row | null): FoundIssue[] {
  if (github.value.kind !== 'loaded') return summarized('github', row);
  return github.value.value.findings.flatMap(({ subtype, tags }) =>
    known(`github:${subtype}`).map(({ issue }) => ({ issue, tags })),
  );
}

function versionIssues(row: Row | null): FoundIssue[] {
  if (version.value.kind !== 'loaded') return summarized('s3Version', row);
  const { subtype } = version.value.value;
  return subtype === null ? [] : known(`s3Version:${subtype}`);
}

export function filesIssues(row: Row | null): FoundIssue[] {
  if (differences.value.kind !== 'loaded') return summarized('s3Files', row);
  const { status, added, removed, exportMissing, notCompared: reason } = differences.value.value;
  if (status === 'ok') return [];
  if (reason !== null) return known(`s3Files:${reason}`);
  if (exportMissing) return known('s3Files:export-missing');
  return [
    ...(added.length > 0 ? known('s3Files:files-missing') : []),
    ...(removed.length > 0 ? known('s3Files:files-orphaned') : []),
  ];
}

const notCompared = (row: Row | null) =>
  differences.value.kind === 'loaded'
    ? differences.value.value.notCompared
    : row?.checks.s3Files?.notCompared;

function MirrorFacts({ id, evidence }: { id: string; evidence: GithubEvidence }) {
  const branches = Object.entries(evidence.branches);
  const tags = Object.keys(evidence.tags).length;
  if (evidence.error === 'repo-disabled') return <Fact name="Branches, tags">unknown</Fact>;
  return (
    <>
      <Fact name="HEAD">
        <Head id={id} evidence={evidence} />
      </Fact>
      <Fact name={branches.length === 1 ? 'Branch' : 'Branches'}>
        {branches.length === 0
          ? 'none'
          : branches.map(([branch, commit]) => (
              <div key={branch} class="ref">
                <code>{visible(branch)}</code> <Commit id={id} commit={commit} />
              </div>
            ))}
      </Fact>
      <Fact name="Tags">{tags === 0 ? 'none' : `${number(tags)}, listed below`}</Fact>
    </>
  );
}

function Head({ id, evidence }: { id: string; evidence: GithubEvidence }) {
  const { head, headCommit, branches, error } = evidence;
  if (head !== null) {
    const there = Object.hasOwn(branches, head);
    return (
      <>
        <code>{visible(head)}</code>
        {!there && error === null && <span class="quiet"> (no such branch)</span>}
      </>
    );
  }
  if (headCommit === undefined) return <>unknown</>;
  return headCommit === null ? <>at no commit</> : <Commit id={id} commit={headCommit} />;
}

function VersionFacts({ id, evidence }: { id: string; evidence: VersionEvidence }) {
  const asked = askedAddress('s3Version', archive.value, id);
  return (
    <>
      <Fact name="Version">
        {evidence.extractedVersion === null ? (
          evidence.accessible ? (
            'none'
          ) : (
            <>
              <Icon sign="lock" /> blocked
            </>
          )
        ) : (
          <>
            <code>{visible(evidence.extractedVersion)}</code>{' '}
            {evidence.versionSource === 'assumed_latest' ? 'assumed, the latest' : 'by the DOI'}
          </>
        )}
      </Fact>
      <Fact name="DOI">
        {evidence.datasetDescriptionDOI === null ? (
          'none'
        ) : (
          <code>{visible(evidence.datasetDescriptionDOI)}</code>
        )}
      </Fact>
      {evidence.doiIdMismatch && (
        <Fact name="DOI's dataset">
          <code>{visible(evidence.doiDatasetId ?? 'unknown')}</code>, which is another one
        </Fact>
      )}
      {asked && (
        <Fact name="Asked for">
          <code>{visible(asked)}</code>
        </Fact>
      )}
      {evidence.httpStatus !== null && <Fact name="Answer">{`HTTP ${evidence.httpStatus}`}</Fact>}
    </>
  );
}

function FilesFacts({ id, evidence }: { id: string; evidence: Differences }) {
  const counts = (value: number | null) => (value === null ? 'not counted' : number(value));
  return (
    <>
      <Fact name="Compared">
        {evidence.snapshotTag === null || evidence.notCompared !== null ? (
          'nothing'
        ) : (
          <>
            <code>{visible(evidence.snapshotTag)}</code>{' '}
            {evidence.branch != null && (
              <>
                at the tip of the branch <code>{visible(evidence.branch)}</code>{' '}
              </>
            )}
            {evidence.commit && <Commit id={id} commit={evidence.commit} />}
            {evidence.tree !== undefined && <ComparedTree tree={evidence.tree} />}
          </>
        )}
      </Fact>
      {evidence.notCompared === null && (
        <>
          {!evidence.exportMissing && (
            <>
              <Fact name="Missing">{number(evidence.added.length)}</Fact>
              <Fact name="Extra">{number(evidence.removed.length)}</Fact>
            </>
          )}
          <Fact name="In git">{counts(evidence.totalGitFiles)}</Fact>
          <Fact name="In the export">{counts(evidence.totalS3Files)}</Fact>
        </>
      )}
    </>
  );
}
