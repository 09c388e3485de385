// Commands that are shown with causes: one that lets anybody see what is wrong, and one of the tool
// that writes the mirrors. They use the archive's own addresses; null if it has none that fits. They
// need git, curl and jq. Ids are checked; nothing else from outside enters a command.

import type { AboutArchive } from '../../../core/documents/documents.ts';
import { placeOf } from '../../../core/documents/public-place.ts';
import { ANONYMOUS_GIT, quoted } from '../../../core/documents/shell.ts';

export type Command = string | null;
type About = AboutArchive | null;

const repository = (about: About, id: string): string | null => {
  const mirror = placeOf(about, 'mirrorUrl');
  return mirror && quoted(`${mirror}/${id}.git`);
};
/** @param rest below the dandiset */
const asked = (about: About, id: string, rest = ''): string | null => {
  const api = placeOf(about, 'registryUrl');
  return api && `curl -sS ${quoted(`${api}/dandisets/${id}/${rest}`)}`;
};
const both = (...commands: readonly Command[]): Command =>
  commands.includes(null) ? null : commands.join('\n');

const ASSETS = 'versions/draft/assets/?page_size=1000&metadata=1';

export function listRefs(about: About, id: string): Command {
  const mirror = repository(about, id);
  return mirror && `${ANONYMOUS_GIT} ls-remote --symref ${mirror}`;
}

/** @param then what is done in the clone, which has no files */
function inClone(about: About, id: string, then: string): Command {
  const mirror = repository(about, id);
  const clone = `${ANONYMOUS_GIT} clone -q --depth 1 --no-checkout -b draft ${mirror} ${id}`;
  return mirror && `${clone}\ngit -C ${id} ${then}`;
}

export const showState = (about: About, id: string): Command =>
  both(
    inClone(about, id, 'show HEAD:.dandi/assets-state.json'),
    asked(about, id) && `${asked(about, id)} | jq .draft_version.modified`,
  );

/** Paths that the draft lists and the mirror lacks, or the reverse; the first 1,000 of the draft. */
export const comparePaths = (about: About, id: string): Command =>
  both(
    inClone(
      about,
      id,
      `ls-tree -r --name-only HEAD | grep -v -E '^(\\.dandi|\\.datalad|\\.git|dandiset\\.yaml)' | sort > ${id}.mirror`,
    ),
    asked(about, id, ASSETS) &&
      `${asked(about, id, ASSETS)} | jq -r '.results[].path' | sort | diff - ${id}.mirror`,
  );

export const listTags = (about: About, id: string): Command =>
  both(
    listRefs(about, id),
    asked(about, id, 'versions/') &&
      `${asked(about, id, 'versions/')} | jq -r '.results[].version'`,
  );

export const listAssets = (about: About, id: string): Command => {
  const list = asked(about, id, ASSETS);
  return (
    list &&
    `${list} | jq -r '.results[] | [.path, .created, .metadata.digest["dandi:sha2-256"]] | @tsv'`
  );
};

/** HTTP status of each object of the first 1,000 assets. */
export const headObjects = (about: About, id: string): Command => {
  const list = asked(about, id, ASSETS);
  const urls = `jq -r '.results[].metadata.contentUrl[] | select(contains("/blobs/"))'`;
  return (
    list && `${list} | ${urls} | xargs -n 1 curl -sSI -o /dev/null -w '%{http_code} %{url}\\n'`
  );
};

export const listZarrs = (about: About, id: string): Command => {
  const api = placeOf(about, 'registryUrl');
  const list = api && `curl -sS ${quoted(`${api}/zarr/?dandiset=${id}&page_size=1000`)}`;
  const fields = `jq -r '.results[] | [.zarr_id, .status, .checksum] | @tsv'`;
  return both(inClone(about, id, 'show HEAD:.gitmodules'), list && `${list} | ${fields}`);
};

export const listManifests = (about: About, id: string): Command => {
  const bucket = placeOf(about, 'exportUrl');
  return bucket && `curl -sS ${quoted(`${bucket}/?list-type=2&prefix=dandisets/${id}/`)}`;
};

export const showEmbargo = (about: About, id: string): Command =>
  both(listRefs(about, id), asked(about, id) && `${asked(about, id)} | jq .embargo_status`);

/** Of GitHub's organization alone: other hosts have no such superdataset that we know. */
const isOfDandi = (about: About) => placeOf(about, 'mirrorUrl') === 'https://github.com/dandisets';

export const showLink = (about: About, id: string): Command =>
  isOfDandi(about)
    ? both(
        `${ANONYMOUS_GIT} clone -q --depth 1 --no-checkout -b draft https://github.com/dandi/dandisets\ngit -C dandisets ls-tree HEAD ${id}`,
        listRefs(about, id),
      )
    : null;

export const showDoi = (about: About, id: string): Command => {
  const dandiset = asked(about, id);
  const newest = `jq -r .most_recent_published_version.version`;
  const record = `"https://api.datacite.org/dois/10.48324/dandi.${id}/$version"`;
  return (
    dandiset &&
    `version=$(${dandiset} | ${newest})\ncurl -sS ${record} | jq '.data.attributes | .state, .url'`
  );
};

export const showRepository = (about: About, id: string): Command =>
  isOfDandi(about)
    ? `curl -sS https://api.github.com/repos/dandisets/${id} | jq .homepage\ncurl -sS https://api.github.com/repos/dandisets/${id}/releases | jq -r '.[].tag_name'`
    : null;

/** Of the tool, run where it is installed; `$CONFIG` is its own. */
const tool = (rest: string): Command => `python3 -m backups2datalad --config "$CONFIG" ${rest}`;
export const backup = (id: string): Command => tool(`update-from-backup ${id}`);
export const forceBackup = (id: string): Command => tool(`update-from-backup --mode force ${id}`);
export const forceZarrs = (id: string): Command =>
  tool(`update-from-backup --mode force --zarr-mode force ${id}`);
export const updateRecord = (id: string): Command => tool(`update-github-metadata ${id}`);
export const registerUrls = (id: string): Command => tool(`register-s3urls ${id}`);
export const makePrivate = (about: About, id: string): Command =>
  isOfDandi(about)
    ? `gh repo edit dandisets/${id} --visibility private --accept-visibility-change-consequences`
    : null;

export const VARIABLES = { CONFIG: "the tool's own configuration file" };
