// The commands that causes are told with: what they ask is public, what they change needs an
// operator's rights. Programs: git, curl, the AWS command line, GitHub's `gh`, git-annex.

import { EXPORT_URL, MIRROR_URL, REGISTRY_URL } from '../endpoints.ts';
import { isPastable, quoted } from '../shell.ts';
import { PUBLIC_REMOTE } from './annex-record.ts';

const BUCKET = 'openneuro.org';

export const listRefs = (id: string) =>
  `git ls-remote --symref ${quoted(`${MIRROR_URL}/${id}.git`)}`;

export const showDescription = (id: string) =>
  `curl -sS ${quoted(`${EXPORT_URL}/${id}/dataset_description.json`)} | grep DatasetDOI`;

export const listObjects = (id: string) =>
  `aws s3 ls --no-sign-request ${quoted(`s3://${BUCKET}/${id}/`)}`;

/** Size, ETag and permission of one object; of the whole folder where its name cannot be pasted. */
export function headObject(id: string, path: string): string {
  if (!isPastable(path)) return listObjects(id);
  const url = `${EXPORT_URL}/${id}/${path.split('/').map(encodeURIComponent).join('/')}`;
  return `curl -sSI ${quoted(url)}`;
}

/** The log that says what was exported, from a mirror that anybody may read. */
export const showAnnexLog = (id: string) =>
  `git clone --bare --depth 1 --branch git-annex ${quoted(`${MIRROR_URL}/${id}.git`)} ${quoted(`${id}-annex.git`)} && git -C ${quoted(`${id}-annex.git`)} show git-annex:export.log`;

/** `reexportRemotes` of OpenNeuro's GraphQL API: pushes to GitHub and exports to S3 once more. */
export const reexport = (id: string) =>
  mutation('mutation ($id: ID!) { reexportRemotes(datasetId: $id) }', { id });

/** `updatePublic` of OpenNeuro's GraphQL API: what publishing did, done once more. */
export const makePublic = (id: string) =>
  mutation('mutation ($id: ID!) { updatePublic(datasetId: $id, publicFlag: true) }', { id });

export const setDefaultBranch = (id: string, branch: string) =>
  `gh api -X PATCH ${quoted(`repos/OpenNeuroDatasets/${id}`)} -f ${quoted(`default_branch=${branch}`)}`;

/** In the dataset's own repository on the server, below the folder of all datasets. */
export const exportTag = (id: string, tag: string) =>
  `git -C "$DATASETS"/${quoted(id)} annex export ${quoted(tag)} --to ${quoted(PUBLIC_REMOTE)}`;

function mutation(query: string, variables: Readonly<Record<string, string>>): string {
  const body = JSON.stringify({ query, variables });
  return `curl -sS ${quoted(REGISTRY_URL)} -H 'Content-Type: application/json' -H "Authorization: Bearer $OPENNEURO_TOKEN" --data ${quoted(body)}`;
}
