// The commands that causes are told with: what they ask is public, what they change needs an
// operator's rights. Programs: git, curl, the AWS command line, GitHub's `gh`, git-annex. Each goes to
// the archive's own addresses; null where it has none that the command would do for.

import type { Archive } from '../../model/documents.ts';
import { placeOf } from '../about-archive.ts';
import { isPastable, quoted } from '../shell.ts';
import { PUBLIC_REMOTE } from './annex-record.ts';

type Command = string | null;

export function listRefs(archive: Archive, id: string): Command {
  const mirror = repository(archive, id);
  return mirror && `git ls-remote --symref ${quoted(mirror)}`;
}

export function showDescription(archive: Archive, id: string): Command {
  const bucket = placeOf(archive, 'exportUrl');
  const url = `${bucket}/${id}/dataset_description.json`;
  return bucket && `curl -sS ${quoted(url)} | grep DatasetDOI`;
}

/** With the AWS command line where its own addresses are asked, else the bucket's listing as XML. */
export function listObjects(archive: Archive, id: string): Command {
  const bucket = placeOf(archive, 'exportUrl');
  if (bucket === null) return null;
  const [, name] = /^https:\/\/s3\.amazonaws\.com\/([a-z0-9.-]+)$/.exec(bucket) ?? [];
  return name === undefined
    ? `curl -sS ${quoted(`${bucket}?list-type=2&prefix=${id}/`)}`
    : `aws s3 ls --no-sign-request ${quoted(`s3://${name}/${id}/`)}`;
}

/** Size, ETag and permission of one object; of the whole folder where its name cannot be pasted. */
export function headObject(archive: Archive, id: string, path: string): Command {
  if (!isPastable(path)) return listObjects(archive, id);
  const bucket = placeOf(archive, 'exportUrl');
  const url = `${bucket}/${id}/${path.split('/').map(encodeURIComponent).join('/')}`;
  return bucket && `curl -sSI ${quoted(url)}`;
}

/** The log that says what was exported, from a mirror that anybody may read. */
export function showAnnexLog(archive: Archive, id: string): Command {
  const mirror = repository(archive, id);
  const clone = quoted(`${id}-annex.git`);
  return (
    mirror &&
    `git clone --bare --depth 1 --branch git-annex ${quoted(mirror)} ${clone} && git -C ${clone} show git-annex:export.log`
  );
}

/** `reexportRemotes` of OpenNeuro's GraphQL API: pushes to GitHub and exports to S3 once more. */
export const reexport = (archive: Archive, id: string): Command =>
  mutation(archive, 'mutation ($id: ID!) { reexportRemotes(datasetId: $id) }', { id });

/** `updatePublic` of OpenNeuro's GraphQL API: what publishing did, done once more. */
export const makePublic = (archive: Archive, id: string): Command =>
  mutation(archive, 'mutation ($id: ID!) { updatePublic(datasetId: $id, publicFlag: true) }', {
    id,
  });

/** GitHub's own program, so for mirrors on GitHub alone. */
export function setDefaultBranch(archive: Archive, id: string, branch: string): Command {
  const mirror = placeOf(archive, 'mirrorUrl') ?? '';
  const [, owner] = /^https:\/\/github\.com\/([A-Za-z0-9-]+)$/.exec(mirror) ?? [];
  if (owner === undefined) return null;
  return `gh api -X PATCH ${quoted(`repos/${owner}/${id}`)} -f ${quoted(`default_branch=${branch}`)}`;
}

/** In the dataset's own repository on the server, below the folder of all datasets. */
export function exportTag({ origin }: Archive, id: string, tag: string): Command {
  if (origin !== 'live') return null;
  return `git -C "$DATASETS"/${quoted(id)} annex export ${quoted(tag)} --to ${quoted(PUBLIC_REMOTE)}`;
}

/** Where the mirror has a tag, and which commit the registry names for it. */
export function showTag(archive: Archive, id: string, tag: string): Command {
  const mirror = repository(archive, id);
  const registry = placeOf(archive, 'registryUrl');
  if (mirror === null || registry === null) return null;
  const ref = `refs/tags/${tag}`;
  const query =
    'query ($id: ID!, $tag: String!) { snapshot(datasetId: $id, tag: $tag) { hexsha } }';
  const body = JSON.stringify({ query, variables: { id, tag } });
  return `git ls-remote ${quoted(mirror)} ${quoted(ref)} ${quoted(`${ref}^{}`)} && curl -sS ${quoted(registry)} -H 'Content-Type: application/json' --data ${quoted(body)}`;
}

/** Puts tags of the mirror to the registry's commits, which the dataset's own repository holds. */
export function pushTags(
  archive: Archive,
  id: string,
  tags: readonly { readonly tag: string; readonly hexsha: string }[],
): Command {
  const mirror = repository(archive, id);
  const refs = tags.map(({ tag, hexsha }) => quoted(`${hexsha}:refs/tags/${tag}`)).join(' ');
  return mirror && `git -C "$DATASETS"/${quoted(id)} push --force ${quoted(mirror)} ${refs}`;
}

function mutation(
  archive: Archive,
  query: string,
  variables: Readonly<Record<string, string>>,
): Command {
  const registry = placeOf(archive, 'registryUrl');
  const body = JSON.stringify({ query, variables });
  return (
    registry &&
    `curl -sS ${quoted(registry)} -H 'Content-Type: application/json' -H "Authorization: Bearer $OPENNEURO_TOKEN" --data ${quoted(body)}`
  );
}

function repository(archive: Archive, id: string): string | null {
  const mirror = placeOf(archive, 'mirrorUrl');
  return mirror && `${mirror}/${id}.git`;
}
