// Links away, built from checked parts only: a place without a safe address is not offered, and a
// commit is then text.

import type { ComponentChildren } from 'preact';
import { mirrorLink } from '../../archives/openneuro/links.ts';
import { shortCommit } from '../../core/documents/format.ts';
import { archive } from '../shared/archive.tsx';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';

export function Away({ to, children }: { to: string | null; children: ComponentChildren }) {
  if (to === null) return null;
  return (
    <a class="away" href={to} rel="noreferrer">
      {children}
      <Icon sign="away" />
    </a>
  );
}

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
