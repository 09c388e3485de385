// Where a person looks a dataset up. Every part of an address is checked or encoded, because
// tags and commits come from outside; ids and tags that are not what they should be give null.

const ID = /^ds[0-9]{6}$/;
const TAG = /^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/;
const COMMIT = /^[0-9a-f]{40}$/;

/** The dataset's page in the archive, at a version where one is given. */
export function archiveLink(id: string, tag: string | null = null): string | null {
  if (!ID.test(id)) return null;
  const page = `https://openneuro.org/datasets/${id}`;
  return tag !== null && TAG.test(tag) ? `${page}/versions/${tag}` : page;
}

export function mirrorLink(id: string, commit: string | null = null): string | null {
  if (!ID.test(id)) return null;
  const repository = `https://github.com/OpenNeuroDatasets/${id}`;
  return commit !== null && COMMIT.test(commit) ? `${repository}/commit/${commit}` : repository;
}

/** The bucket's own listing (XML) of the top folder of an export. */
export function exportLink(id: string): string | null {
  if (!ID.test(id)) return null;
  return `https://s3.amazonaws.com/openneuro.org?list-type=2&prefix=${id}/&delimiter=/`;
}
