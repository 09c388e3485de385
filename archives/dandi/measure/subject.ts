// What is compared of a dandiset, as far as it is known before its assets are read.

import { checkPath } from '../../../core/documents/paths.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import { mirror } from '../checks/mirror.ts';
import { superdataset } from '../checks/superdataset.ts';
import { tags } from '../checks/tags.ts';
import { readListed } from '../documents.ts';
import type { Context } from '../sources/index.ts';
import type { Kept } from './without.ts';

export interface Subject {
  readonly id: string;
  /** When the draft last changed, as the list says. */
  readonly modified: string;
  readonly mirror: Kept<typeof mirror>;
  readonly tags: Kept<typeof tags> | null;
  readonly superdataset: Kept<typeof superdataset> | null;
  /** Why there is nothing to compare; null if there is. */
  readonly without: 'embargoed' | 'unembargoing' | 'no-mirror' | null;
}

export async function subjectOf(context: Context, id: string): Promise<Subject | Failed> {
  const listed = await readListed(context, id);
  const seen = await readOrNull<Kept<typeof mirror>>(context, checkPath(mirror, id));
  if (listed === null || seen === null) return failed('internal', 'the mirror was not looked at');
  if (seen.lastAttempt) return failed(seen.lastAttempt.reason, 'the mirror could not be read');
  return {
    id,
    modified: listed.open?.draftModified ?? '',
    mirror: seen,
    tags: await readOrNull<Kept<typeof tags>>(context, checkPath(tags, id)),
    superdataset: await readOrNull<Kept<typeof superdataset>>(context, checkPath(superdataset, id)),
    without: withoutOf(listed.embargo, seen),
  } satisfies Subject;
}

function withoutOf(status: string, { draft }: Kept<typeof mirror>): Subject['without'] {
  if (status === 'EMBARGOED') return 'embargoed';
  if (status === 'UNEMBARGOING') return 'unembargoing';
  return draft === null ? 'no-mirror' : null;
}
