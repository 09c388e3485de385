// A commit: a link if there is a safe one and the mirror has the commit, else text.

import { shortCommit } from '../../../core/documents/format.ts';
import { archive } from '../../../frontend/shared/archive.tsx';
import { visible } from '../../../frontend/shared/visible.ts';
import { mirrorLink } from '../links.ts';

interface Props {
  readonly id: string;
  readonly commit: string;
  readonly isThere?: boolean;
}

export function Commit({ id, commit, isThere = true }: Props) {
  const to = mirrorLink(archive.value, id, commit);
  const text = <code title={visible(commit)}>{shortCommit(visible(commit))}</code>;
  return isThere && to?.endsWith(commit) ? (
    <a class="commit" href={to} rel="noreferrer">
      {text}
    </a>
  ) : (
    text
  );
}

/** The tree that git-annex exported, if it belongs to no known commit. */
export const ComparedTree = ({ tree }: { tree: string }) => (
  <>
    as the tree <code title={visible(tree)}>{shortCommit(visible(tree))}</code>, which no snapshot
    has
  </>
);
