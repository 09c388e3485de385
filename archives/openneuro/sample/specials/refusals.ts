// Datasets that are refused to everybody, and one whose server says less than others
// (docs/checks.md#mirror, #version, #unverified and #access).

import { access } from '../../checks/s3-access.ts';
import { commitAfter, mirrorAbsent, mirrorOf, oneTag, type Special } from './changes.ts';

export const REFUSALS: readonly Special[] = [
  {
    rule: '#mirror: GitHub closed the repository, and says so with 403',
    options: oneTag,
    change: (plan) => {
      plan.mirrorClosed = true;
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'error',
      githubVersion: null,
      github: { status: 'error', subtype: 'repo-disabled' },
      s3Files: mirrorAbsent,
    }),
  },
  {
    rule: '#mirror: an old server tells nothing of HEAD, and the branches differ',
    options: () => ({ tags: ['1.0.0'], branch: 'main' }),
    change: (plan) => {
      commitAfter(plan, 'draft', '1.0.0');
      const mirror = mirrorOf(plan);
      mirror.branches.master = 'draft';
      mirror.head = null;
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      github: { status: 'warning', subtype: 'head-unknown' },
    }),
  },
  {
    rule: '#access: some objects are in an archived storage class',
    options: oneTag,
    change: (plan) => {
      plan.export.archived = (path) => path.startsWith('sub-02/');
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'error',
      [access.id]: { status: 'error', subtype: 'archived' },
    }),
  },
  {
    rule: '#version #access: the whole export is archived, its description too',
    options: oneTag,
    change: (plan) => {
      plan.export.archived = () => true;
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'error',
      s3Version: { status: 'warning', subtype: 'description-archived' },
      [access.id]: { status: 'error', subtype: 'archived' },
    }),
  },
];
