// The snapshots of a dataset, newest first by version order, each with what the mirror has.

import { date } from '../../../core/documents/format.ts';
import { Icon } from '../../../frontend/shared/icons.tsx';
import { visible } from '../../../frontend/shared/visible.ts';
import { compareVersions } from '../version-order.ts';
import { Commit } from './commit.tsx';
import { github, metadata, snapshots } from './state.ts';

export function Snapshots({ id }: { id: string }) {
  const loaded = snapshots.value;
  return (
    <section class="snapshots" aria-labelledby="snapshots">
      <h2 id="snapshots">Snapshots</h2>
      {loaded.kind === 'waiting' && <p class="waiting">Loading the snapshots…</p>}
      {loaded.kind === 'absent' && <p class="remark">There is no list of snapshots.</p>}
      {loaded.kind === 'broken' && <p class="remark">The list of snapshots is broken.</p>}
      {loaded.kind === 'failed' && <p class="remark">The list of snapshots could not be loaded.</p>}
      {loaded.kind === 'loaded' && <List id={id} tags={loaded.value} />}
    </section>
  );
}

function List({ id, tags }: { id: string; tags: readonly string[] }) {
  const newestFirst = [...new Set(tags)].sort(compareVersions).reverse();
  return (
    <div class="scrolls" tabIndex={0} role="group" aria-label="List of snapshots">
      <table>
        <thead>
          <tr>
            <th scope="col">Tag</th>
            <th scope="col">Created</th>
            <th scope="col">Commit</th>
            <th scope="col">On the mirror</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((tag) => (
            <Snapshot key={tag} id={id} tag={tag} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Snapshot({ id, tag }: { id: string; tag: string }) {
  const known = metadata.value.get(tag);
  const { created, hexsha } =
    known?.kind === 'loaded' ? known.value : { created: null, hexsha: null };
  return (
    <tr>
      <th scope="row">
        <code>{visible(tag)}</code>
      </th>
      <td>{known === undefined ? '…' : created === null ? <Unknown /> : date(created)}</td>
      <td>
        {known === undefined ? (
          '…'
        ) : hexsha === null ? (
          <Unknown />
        ) : (
          <Commit id={id} commit={hexsha} />
        )}
      </td>
      <td>
        <OnMirror tag={tag} hexsha={hexsha} id={id} />
      </td>
    </tr>
  );
}

const Unknown = () => <span class="quiet">unknown</span>;

function OnMirror({ id, tag, hexsha }: { id: string; tag: string; hexsha: string | null }) {
  if (github.value.kind === 'waiting') return <>…</>;
  if (github.value.kind !== 'loaded') return <Unknown />;
  const { tags, annotated, error } = github.value.value;
  // Nothing is known of a closed repository.
  if (error === 'repo-disabled') return <Unknown />;
  if (!Object.hasOwn(tags, tag)) {
    return (
      <span class="off">
        <Icon sign="close" /> missing
      </span>
    );
  }
  const commit = tags[tag] as string;
  const object = Object.hasOwn(annotated, tag) ? annotated[tag] : undefined;
  if (hexsha !== null && hexsha !== commit && hexsha !== object) {
    return (
      <span class="off">
        <Icon sign="close" /> present, at <Commit id={id} commit={commit} />
      </span>
    );
  }
  return (
    <span class="ok">
      <Icon sign="ok" /> present
    </span>
  );
}
