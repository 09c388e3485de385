// Can anybody read a mirror of a dandiset that the archive does not show? (C19) Such a dandiset is
// embargoed or deleted: nothing but its id is published.

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { isDandisetId } from '../ids.ts';
import { count, error, warning } from './shapes.ts';

const ids = z.array(z.string().refine(isDandisetId));

const evidence = z.object({
  /** Dandisets that the list shows, and that the registry counts; null if it did not say. */
  listed: count,
  counted: count.nullable(),
  /** Dandisets that are not listed, whose mirrors were asked for. */
  asked: count,
  /** Those whose mirrors anybody can read. */
  readable: ids,
  /** Those that the superdataset calls public, and whose mirrors nobody can read. */
  closed: ids,
});
type Evidence = z.infer<typeof evidence>;

export const hidden = defineCheck({
  id: 'hidden',
  file: 'hidden',
  title: 'Mirrors of dandisets that the archive does not show',
  scope: 'archive',
  of: 'names',
  stage: 'check-hidden',
  words: {
    name: 'Hidden dandisets',
    asks: 'Can anybody read a mirror of a dandiset that the archive does not show?',
    ok: 'No mirror of a dandiset that is not shown can be read.',
  },
  findings: {
    leak: error(
      'Not shown, but public',
      'Anybody can read mirrors of dandisets that are embargoed or deleted.',
      'Make these repositories private at once.',
    ),
    'super-access': warning(
      'Called public, but closed',
      'The superdataset calls mirrors public that nobody can read.',
      'Correct github-access-status of these dandisets in .gitmodules.',
    ),
  },
  evidence,
  judge(seen: object) {
    const { readable, closed } = seen as Evidence;
    return [
      ...(readable.length > 0 ? (['leak'] as const) : []),
      ...(closed.length > 0 ? (['super-access'] as const) : []),
    ];
  },
});
