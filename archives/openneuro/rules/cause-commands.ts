// The commands that causes are told with: what they ask is public, what they change needs an
// operator's rights. Programs: git, curl, the AWS command line, GitHub's `gh`, git-annex. Each goes to
// the archive's own addresses; null where it has none that the command would do for. What each of them
// does is tested in test/commands/, but for GitHub's and OpenNeuro's own.

import type { AboutArchive } from '../../../core/documents/documents.ts';
import { bucketOf } from '../../../core/protocols/s3/export.ts';
import { placeOf } from '../about-archive.ts';
import { isPastable, quoted } from '../shell.ts';
import { PUBLIC_REMOTE } from './annex-record.ts';

export type Command = string | null;

/** A repository that is not there is answered like one that wants a name and a password. */
const ASKS_NOBODY = 'GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=';
/** Nor are the credentials sent that a helper keeps: what is public is seen without. */
const ANONYMOUS = `${ASKS_NOBODY} git -c credential.helper=`;

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

/** Size, ETag and permission of one object; of the whole folder where its name cannot be pasted. */
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

type AnnexLog = 'export.log' | 'remote.log' | 'trust.log';

/** Logs at the root of the branch git-annex, from a mirror that anybody may read. */
export function showAnnexLog(
  archive: AboutArchive,
  id: string,
  logs: readonly AnnexLog[] = ['export.log'],
): Command {
  // A log that is not there is no error: nothing was recorded.
  const shown = logs.map((log) => `cat-file -p git-annex:${log}`);
  return inAnnexBranch(archive, id, shown);
}

/** How many keys have a recorded version. */
export const countVersions = (archive: AboutArchive, id: string): Command =>
  inAnnexBranch(archive, id, ["ls-tree -r --name-only git-annex | grep -c '\\.log\\.rmet$'"]);

/** In a folder that is made for it, so that it can be said again. */
function inAnnexBranch(archive: AboutArchive, id: string, asked: readonly string[]): Command {
  const mirror = repository(archive, id);
  const clone = `${ANONYMOUS} clone --quiet --bare --depth 1 --branch git-annex`;
  const questions = asked.map((one) => `git -C "$clone" ${one}`).join('; ');
  return mirror && `clone=$(mktemp -d) && ${clone} ${quoted(mirror)} "$clone" && { ${questions}; }`;
}

/** `updatePublic` of OpenNeuro's GraphQL API: what publishing did, done once more. */
export const makePublic = (archive: AboutArchive, id: string): Command =>
  mutation(archive, 'mutation ($id: ID!) { updatePublic(datasetId: $id, publicFlag: true) }', {
    id,
  });

/** GitHub's own program, so for mirrors on GitHub alone. */
export function setDefaultBranch(archive: AboutArchive, id: string, branch: string): Command {
  const owner = ownerOnGithub(archive);
  if (owner === null) return null;
  return `gh api -X PATCH ${quoted(`repos/${owner}/${id}`)} -f ${quoted(`default_branch=${branch}`)}`;
}

/** With everything that is pushed to it; on GitHub alone. */
export function createRepository(archive: AboutArchive, id: string): Command {
  const owner = ownerOnGithub(archive);
  return inOrder([
    owner && `gh repo create ${quoted(`${owner}/${id}`)} --public`,
    pushEverything(archive, id),
  ]);
}

/**
 * From the dataset's own repository on the server. Never forced: what is elsewhere on the mirror is
 * refused, and nothing is lost.
 * @param refs as `git push` takes them; `HEAD` is the branch of the dataset's files.
 */
export function push(archive: AboutArchive, id: string, refs: readonly string[]): Command {
  const mirror = repository(archive, id);
  const words = refs.map(quoted).join(' ');
  return mirror && `${ASKS_NOBODY} git -C ${onServer(id)} push ${quoted(mirror)} ${words}`;
}

/** The files' branch first: an empty repository on GitHub shows what it is given first. */
export const pushEverything = (archive: AboutArchive, id: string): Command =>
  inOrder([
    push(archive, id, ['HEAD']),
    push(archive, id, ['refs/heads/git-annex', 'refs/tags/*:refs/tags/*']),
  ]);

/**
 * In the dataset's own repository on the server, below the folder of all datasets, and what git-annex
 * recorded of it goes to the mirror. Uploads what was never recorded as uploaded; what was, git-annex
 * believes to be there, whatever became of it.
 * @param tags one after the other, the one that is to stay last
 */
export const exportTag = (archive: AboutArchive, id: string, ...tags: readonly string[]): Command =>
  inOrder([
    ...tags.map((tag) => `git -C ${onServer(id)} ${annexExport(tag)}`),
    push(archive, id, ['refs/heads/git-annex']),
  ]);

/**
 * From a clone, which asks the bucket for each file, since it has no record of its own: uploads all
 * that are not there, and leaves those that are there as they are.
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

/** Puts the version of an object that git-annex recorded over what is there now, within the bucket. */
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

/** Of a file that is in git itself. */
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

/** In a bucket with versions it can be brought back. */
export function removeObject(archive: AboutArchive, id: string, path: string): Command {
  const object = s3Address(archive, id, path);
  return object && `aws s3 rm${object.endpoint} ${object.address}`;
}

/** One after the other, each only when those before it did their work; null without any of them. */
export function inOrder(commands: readonly Command[]): Command {
  const whole = commands.every((command) => command !== null);
  return whole && commands.length > 0 ? commands.join(' &&\n') : null;
}

/** What an object's version may look like in a command. */
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

/** Where the mirror has a tag, and which commit the registry names for it. */
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

/** Puts tags of the mirror to the registry's commits, which the dataset's own repository holds. */
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
