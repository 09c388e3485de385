// The commands that are shown with causes. They read public data; their changes need an operator's
// rights. Programs: git, curl, the AWS command line, GitHub's `gh`, git-annex. Each uses the
// archive's own addresses; null if it has none that fits the command. test/commands/ tests what
// each of them does, except GitHub's and OpenNeuro's own.

import type { AboutArchive } from '../../../core/documents/documents.ts';
import { placeOf } from '../../../core/documents/public-place.ts';
import {
  ANONYMOUS_GIT as ANONYMOUS,
  ASKS_NOBODY,
  isPastable,
  quoted,
} from '../../../core/documents/shell.ts';
import { bucketOf } from '../../../core/protocols/s3/export.ts';
import { PUBLIC_REMOTE } from './annex-record.ts';

export type Command = string | null;

export function listRefs(archive: AboutArchive, id: string): Command {
  const mirror = repository(archive, id);
  return mirror && `${ANONYMOUS} ls-remote --symref ${quoted(mirror)}`;
}

export function showDescription(archive: AboutArchive, id: string): Command {
  const bucket = placeOf(archive, 'exportUrl');
  return bucket && `curl -sS ${quoted(`${bucket}/${id}/dataset_description.json`)}`;
}

/** The bucket's own listing, as XML. */
export function listObjects(archive: AboutArchive, id: string): Command {
  const bucket = placeOf(archive, 'exportUrl');
  return bucket && `curl -sS ${quoted(`${bucket}?list-type=2&prefix=${id}/`)}`;
}

/** Size, ETag and permission of one object; of the whole folder if its name cannot be pasted. */
export function headObject(
  archive: AboutArchive,
  id: string,
  path: string,
  version?: string | null,
): Command {
  if (!isPastable(path)) return listObjects(archive, id);
  const bucket = placeOf(archive, 'exportUrl');
  const url = `${bucket}/${id}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const query = version == null ? '' : `?versionId=${encodeURIComponent(version)}`;
  return bucket && `curl -sSI ${quoted(`${url}${query}`)}`;
}

/**
 * Counts the paths of a commit that the export lacks (`missing`), or keys that the commit lacks
 * (`extra`), as the file check does; gitlinks are never exported.
 * @param not paths that are no fault: symlinks, or bookkeeping; null if they are too many or cannot
 *   be pasted
 */
export function countPaths(
  archive: AboutArchive,
  id: string,
  commit: string | null,
  which: 'missing' | 'extra',
  not: readonly string[] = [],
): Command {
  const mirror = repository(archive, id);
  const store = storeOf(archive);
  if (mirror === null || store === null || commit === null) return null;
  if (not.length > MAX_LEFT_OUT || !not.every(isPastable)) return null;
  const without =
    not.length === 0 ? '' : ` | grep -vxF${not.map((one) => ` -e ${quoted(one)}`).join('')}`;
  const sorted = (name: string) => `${without} | LC_ALL=C sort > "$clone"/${name}`;
  const query = quoted('Contents[].[Key]');
  return inOrder([
    `clone=$(mktemp -d) && git init --quiet --bare "$clone" && ${ANONYMOUS} -C "$clone" fetch --quiet --depth 1 --filter=blob:none ${quoted(mirror)} ${commit}`,
    `git -C "$clone" ls-tree -r -z FETCH_HEAD | tr '\\0' '\\n' | grep -v '^160000' | cut -f 2-${sorted('in-git')}`,
    `aws s3api list-objects-v2 --no-sign-request${store.endpoint} --bucket ${quoted(store.bucket)} --prefix ${quoted(`${id}/`)} --query ${query} --output text | cut -d / -f 2-${sorted('in-export')}`,
    `LC_ALL=C comm -${which === 'missing' ? '23' : '13'} "$clone"/in-git "$clone"/in-export | wc -l`,
  ]);
}
/** The most paths that a command names to leave them out. */
const MAX_LEFT_OUT = 5;

type AnnexLog = 'export.log' | 'remote.log' | 'trust.log';

/** Logs at the root of the git-annex branch, from a mirror that anybody may read. */
export function showAnnexLog(
  archive: AboutArchive,
  id: string,
  logs: readonly AnnexLog[] = ['export.log'],
): Command {
  // A missing log is not an error: nothing was recorded.
  const shown = logs.map((log) => `cat-file -p git-annex:${log}`);
  return inAnnexBranch(archive, id, shown);
}

/** How many keys have a recorded version. */
export const countVersions = (archive: AboutArchive, id: string): Command =>
  inAnnexBranch(archive, id, ["ls-tree -r --name-only git-annex | grep -c '\\.log\\.rmet$'"]);

/** Runs in a folder made for it, so that it can be repeated. */
function inAnnexBranch(archive: AboutArchive, id: string, asked: readonly string[]): Command {
  const mirror = repository(archive, id);
  const clone = `${ANONYMOUS} clone --quiet --bare --depth 1 --branch git-annex`;
  const questions = asked.map((one) => `git -C "$clone" ${one}`).join('; ');
  return mirror && `clone=$(mktemp -d) && ${clone} ${quoted(mirror)} "$clone" && { ${questions}; }`;
}

/** `updatePublic` of OpenNeuro's GraphQL API: repeats what publishing did. */
export const makePublic = (archive: AboutArchive, id: string): Command =>
  mutation(archive, 'mutation ($id: ID!) { updatePublic(datasetId: $id, publicFlag: true) }', {
    id,
  });

/** GitHub's own program, so only for mirrors on GitHub. */
export function setDefaultBranch(archive: AboutArchive, id: string, branch: string): Command {
  const owner = ownerOnGithub(archive);
  if (owner === null) return null;
  return `gh api -X PATCH ${quoted(`repos/${owner}/${id}`)} -f ${quoted(`default_branch=${branch}`)}`;
}

/** With everything that is pushed to it; only on GitHub. */
export function createRepository(archive: AboutArchive, id: string): Command {
  const owner = ownerOnGithub(archive);
  return inOrder([
    owner && `gh repo create ${quoted(`${owner}/${id}`)} --public`,
    pushEverything(archive, id),
  ]);
}

/**
 * Pushes from the dataset's own repository on the server. Never forced: refs that differ on the
 * mirror are rejected, and nothing is lost.
 * @param refs as `git push` takes them; `HEAD` is the branch of the dataset's files.
 */
export function push(archive: AboutArchive, id: string, refs: readonly string[]): Command {
  const mirror = repository(archive, id);
  const words = refs.map(quoted).join(' ');
  return mirror && `${ASKS_NOBODY} git -C ${onServer(id)} push ${quoted(mirror)} ${words}`;
}

/** The files' branch first: GitHub shows the branch that an empty repository gets first. */
export const pushEverything = (archive: AboutArchive, id: string): Command =>
  inOrder([
    push(archive, id, ['HEAD']),
    push(archive, id, ['refs/heads/git-annex', 'refs/tags/*:refs/tags/*']),
  ]);

/**
 * Runs in the dataset's own repository on the server, below the folder of all datasets. What
 * git-annex recorded then goes to the mirror. It uploads what was never recorded as uploaded;
 * git-annex takes the rest to be there, even if it is not.
 * @param tags one after the other; the last one stays
 */
export const exportTag = (archive: AboutArchive, id: string, ...tags: readonly string[]): Command =>
  inOrder([
    ...tags.map((tag) => `git -C ${onServer(id)} ${annexExport(tag)}`),
    push(archive, id, ['refs/heads/git-annex']),
  ]);

/**
 * Runs in a clone, which has no record of its own and so asks the bucket for each file. It uploads
 * the missing files and leaves the others as they are.
 * @param ref tag or branch
 */
export const exportFromClone = (archive: AboutArchive, id: string, ref: string): Command =>
  inOrder([
    `clone=$(mktemp -d) && git clone --quiet ${onServer(id)} "$clone" && git -C "$clone" checkout --quiet ${quoted(ref)}`,
    `git -C "$clone" annex init && git -C "$clone" annex enableremote ${quoted(PUBLIC_REMOTE)}`,
    `git -C "$clone" annex get . && git -C "$clone" ${annexExport(ref)}`,
    `git -C "$clone" push origin git-annex`,
    push(archive, id, ['refs/heads/git-annex']),
  ]);

const annexExport = (ref: string): string =>
  `annex export ${quoted(ref)} --to ${quoted(PUBLIC_REMOTE)}`;

/**
 * Copies the version of an object that git-annex recorded over the current one, within the bucket.
 */
export function copyVersion(
  archive: AboutArchive,
  id: string,
  path: string,
  version: string,
): Command {
  const store = storeOf(archive);
  if (store === null || !isPastable(path) || !VERSION_ID.test(version)) return null;
  const key = `${id}/${path}`;
  // The program escapes the source itself.
  const source = quoted(`${store.bucket}/${key}?versionId=${version}`);
  return `aws s3api copy-object${store.endpoint} --bucket ${quoted(store.bucket)} --key ${quoted(key)} --copy-source ${source}`;
}

/** For a file that is in git itself. */
export function uploadFromGit(
  archive: AboutArchive,
  id: string,
  commit: string,
  path: string,
): Command {
  const object = s3Address(archive, id, path);
  const blob = quoted(`${commit}:${path}`);
  return (
    object &&
    `git -C ${onServer(id)} cat-file blob ${blob} | aws s3 cp${object.endpoint} - ${object.address}`
  );
}

/** In a bucket with versions it can be restored. */
export function removeObject(archive: AboutArchive, id: string, path: string): Command {
  const object = s3Address(archive, id, path);
  return object && `aws s3 rm${object.endpoint} ${object.address}`;
}

/** One after the other, each only if those before it succeeded; null if one of them is missing. */
export function inOrder(commands: readonly Command[]): Command {
  const whole = commands.every((command) => command !== null);
  return whole && commands.length > 0 ? commands.join(' &&\n') : null;
}

/** What the version of an object may look like in a command. */
const VERSION_ID = /^[A-Za-z0-9._-]{1,1024}$/;

interface Store {
  readonly bucket: string;
  /** Option of the AWS command line; empty for AWS itself. */
  readonly endpoint: string;
}

function storeOf(archive: AboutArchive): Store | null {
  const address = placeOf(archive, 'exportUrl');
  const bucket = address && bucketOf(address);
  if (!address || !bucket) return null;
  const endpoint = address.slice(0, address.lastIndexOf('/'));
  const isAws = endpoint === 'https://s3.amazonaws.com';
  return { bucket, endpoint: isAws ? '' : ` --endpoint-url ${quoted(endpoint)}` };
}

function s3Address(archive: AboutArchive, id: string, path: string) {
  const store = storeOf(archive);
  if (store === null || !isPastable(path)) return null;
  return { ...store, address: quoted(`s3://${store.bucket}/${id}/${path}`) };
}

const onServer = (id: string): string => `"$DATASETS"/${quoted(id)}`;

function ownerOnGithub(archive: AboutArchive): string | null {
  const mirror = placeOf(archive, 'mirrorUrl') ?? '';
  return /^https:\/\/github\.com\/([A-Za-z0-9-]+)$/.exec(mirror)?.[1] ?? null;
}

/** The commit of a tag on the mirror, and the commit that the registry names for it. */
export function showTag(archive: AboutArchive, id: string, tag: string): Command {
  const mirror = repository(archive, id);
  const registry = placeOf(archive, 'registryUrl');
  if (mirror === null || registry === null) return null;
  const ref = `refs/tags/${tag}`;
  const query =
    'query ($id: ID!, $tag: String!) { snapshot(datasetId: $id, tag: $tag) { hexsha } }';
  const body = JSON.stringify({ query, variables: { id, tag } });
  return `${ANONYMOUS} ls-remote ${quoted(mirror)} ${quoted(ref)} ${quoted(`${ref}^{}`)} && curl -sS ${quoted(registry)} -H 'Content-Type: application/json' --data ${quoted(body)}`;
}

/** Moves tags of the mirror to the registry's commits, which the dataset's own repository holds. */
export function pushTags(
  archive: AboutArchive,
  id: string,
  tags: readonly { readonly tag: string; readonly hexsha: string }[],
): Command {
  const mirror = repository(archive, id);
  const refs = tags.map(({ tag, hexsha }) => quoted(`${hexsha}:refs/tags/${tag}`)).join(' ');
  return mirror && `${ASKS_NOBODY} git -C ${onServer(id)} push --force ${quoted(mirror)} ${refs}`;
}

function mutation(
  archive: AboutArchive,
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

function repository(archive: AboutArchive, id: string): string | null {
  const mirror = placeOf(archive, 'mirrorUrl');
  return mirror && `${mirror}/${id}.git`;
}
