// The snapshots of a dataset, newest first by version order, each with what the mirror and the export
// have of it.

import type { ComponentChildren } from 'preact';
import { checkOf } from '../../../core/documents/catalogue.ts';
import { comparedOf, coverage } from '../../../core/documents/coverage.ts';
import { date } from '../../../core/documents/format.ts';
import { leadingIssues } from '../../../core/documents/headline.ts';
import type { Row } from '../../../core/documents/rows.ts';
import type { CardProps } from '../../../frontend/dataset/archive-cards.ts';
import { catalogue } from '../../../frontend/shared/catalogue.ts';
import { Icon, type Sign } from '../../../frontend/shared/icons.tsx';
import { visible } from '../../../frontend/shared/visible.ts';
import { compareVersions } from '../version-order.ts';
import { Commit } from './commit.tsx';
import { ACCESS } from './content-documents.ts';
import type { SnapshotFacts } from './documents.ts';
import { differences, github, snapshots, version } from './state.ts';

export function Snapshots({ id, row }: CardProps) {
  const loaded = snapshots.value;
  return (
    <section class="snapshots" aria-labelledby="snapshots">
      <h2 id="snapshots">Snapshots</h2>
      {loaded.kind === 'waiting' && <p class="waiting">Loading the snapshots…</p>}
      {loaded.kind === 'absent' && <p class="remark">There is no list of snapshots.</p>}
      {loaded.kind === 'broken' && <p class="remark">The list of snapshots is broken.</p>}
      {loaded.kind === 'failed' && <p class="remark">The list of snapshots could not be loaded.</p>}
      {loaded.kind === 'loaded' && <List id={id} row={row} all={loaded.value} />}
    </section>
  );
}

interface ListProps extends CardProps {
  readonly all: readonly SnapshotFacts[];
}

function List({ id, row, all }: ListProps) {
  const newestFirst = [...all].sort((a, b) => compareVersions(b.tag, a.tag));
  return (
    <div class="scrolls" tabIndex={0} role="group" aria-label="List of snapshots">
      <table>
        <thead>
          <tr>
            <th scope="col">Tag</th>
            <th scope="col">Created</th>
            <th scope="col">On the mirror</th>
            <th scope="col">In the export</th>
            <th scope="col">Commit</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((snapshot) => (
            <Snapshot key={snapshot.tag} id={id} row={row} {...snapshot} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SnapshotProps extends CardProps, SnapshotFacts {}

function Snapshot(props: SnapshotProps) {
  const { id, row, tag, created, hexsha } = props;
  return (
    <tr>
      <th scope="row">
        <code>{visible(tag)}</code>
      </th>
      <td>{created === null ? <Unknown /> : date(created)}</td>
      <td>
        <OnMirror {...props} />
      </td>
      <td>
        <InExport row={row} tag={tag} />
      </td>
      <td>
        {hexsha === null ? (
          <Unknown />
        ) : (
          <Commit id={id} commit={hexsha} isThere={commitOnMirror(tag) === hexsha} />
        )}
      </td>
    </tr>
  );
}

const Unknown = () => <span class="quiet">unknown</span>;

/** The commit of a tag on the mirror; undefined if it has none, or that is not known. */
function commitOnMirror(tag: string): string | undefined {
  if (github.value.kind !== 'loaded') return undefined;
  const { tags } = github.value.value;
  return Object.hasOwn(tags, tag) ? tags[tag] : undefined;
}

function OnMirror({ id, tag, hexsha }: SnapshotProps) {
  if (github.value.kind === 'waiting') return <>…</>;
  if (github.value.kind !== 'loaded') return <Unknown />;
  const { annotated, error, findings } = github.value.value;
  // Nothing is known of a closed repository.
  if (error === 'repo-disabled') return <Unknown />;
  const commit = commitOnMirror(tag);
  if (commit === undefined) return <Off>missing</Off>;
  const object = Object.hasOwn(annotated, tag) ? annotated[tag] : undefined;
  const isMoved = findings.some((one) => one.subtype === 'sha-mismatch' && one.tags.includes(tag));
  if (isMoved || (hexsha !== null && hexsha !== commit && hexsha !== object)) {
    return (
      <Off>
        present, at <Commit id={id} commit={commit} />
      </Off>
    );
  }
  return <Well>present</Well>;
}

/** Checks that tell whether an export is what its version says. */
const OF_FILES = ['s3Files', 's3Content', ACCESS];

/** The export holds one version. */
function InExport({ row, tag }: { row: Row | null; tag: string }) {
  const { s3Version, s3Files } = row?.checks ?? {};
  if (!row || !s3Version || s3Version.at === null) return <Unknown />;
  if (s3Version.version === null) return <Off sign="lock">cannot be read</Off>;
  if (s3Files?.findings.includes('export-missing')) return <Off>nothing there</Off>;
  const compared = differences.value.kind === 'loaded' ? differences.value.value.snapshotTag : null;
  const held = compared ?? s3Version.version;
  if (held !== tag) return <span class="quiet">no</span>;
  const issue = leadingIssues(catalogue, row).find((one) => OF_FILES.includes(checkOf(one)));
  if (issue !== undefined) {
    return (
      <Off>
        <a href={`#check-${checkOf(issue)}`}>{catalogue.issues.get(issue)?.label.toLowerCase()}</a>
      </Off>
    );
  }
  if (s3Files?.status !== 'ok') return <span class="quiet">not compared</span>;
  const depth = comparedOf(catalogue, row);
  const isAssumed =
    version.value.kind === 'loaded' && version.value.value.versionSource === 'assumed_latest';
  return (
    <>
      <Well>every file</Well>
      <span class="quiet">
        {isAssumed && ', version assumed'}
        {depth && `; ${coverage(depth)}`}
      </span>
    </>
  );
}

const Well = ({ children }: { children: ComponentChildren }) => (
  <span class="ok">
    <Icon sign="ok" /> {children}
  </span>
);

const Off = ({ sign = 'close', children }: { sign?: Sign; children: ComponentChildren }) => (
  <span class="off">
    <Icon sign={sign} /> {children}
  </span>
);
