// A commit, as a link where there is a safe one, else as text.

import { shortCommit } from '../../../core/documents/format.ts';
import { archive } from '../../../frontend/shared/archive.tsx';
import { visible } from '../../../frontend/shared/visible.ts';
import { mirrorLink } from '../links.ts';

export function Commit({ id, commit }: { id: string; commit: string }) {
  const to = mirrorLink(archive.value, id, commit);
  const text = <code title={visible(commit)}>{shortCommit(visible(commit))}</code>;
  return to?.endsWith(commit) ? (
    <a class="commit" href={to} rel="noreferrer">
      {text}
    </a>
  ) : (
    text
  );
}

/** What git-annex exported of no commit that is known. */
export const ComparedTree = ({ tree }: { tree: string }) => (
  <>
    as the tree <code title={visible(tree)}>{shortCommit(visible(tree))}</code>, which no snapshot
    has
  </>
);
