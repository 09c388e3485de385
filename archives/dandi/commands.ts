// Commands that only the DANDI archive has.

import { failed, type Seen, seen } from '../../core/failure.ts';
import type { ArchiveCommand } from '../../core/monitor/archive.ts';
import { unsettled } from '../../core/protocols/git/refusal.ts';
import { isUuid } from './ids.ts';
import { SMALL_BYTES } from './measure/mirror-state.ts';
import { sumOfFiles, zarrSumOfMirror } from './measure/zarr-mirror.ts';
import type { Sources } from './sources/index.ts';

const zarrChecksum: ArchiveCommand<Sources> = {
  name: 'zarr-checksum',
  does: 'print the checksum of a zarr, made from the files of its mirror',
  argument: {
    name: 'repository|id',
    what: 'folder of a clone of the mirror, or id of the zarr: then its mirror is asked',
    example: '7723d02f-1f71-4553-a7b0-47bda1ae8b42',
  },
  asks: ['zarr'],
  async run(argument, context) {
    const sum = isUuid(argument) ? await ofMirror(argument, context) : await ofClone();
    if (sum.kind === 'failed') return sum;
    const { computed, isWhole } = sum.value;
    if (isWhole) return seen(computed);
    return failed('malformed', `${argument} has files whose keys do not give size and MD5`);

    async function ofClone(): Promise<Seen<ReturnType<typeof sumOfFiles>>> {
      return seen(sumOfFiles(await context.readRepository(argument, SMALL_BYTES)));
    }
  },
};

async function ofMirror(zarr: string, { zarrMirrors, signal }: Sources & { signal: AbortSignal }) {
  const refs = await zarrMirrors.readRefs(zarr, signal);
  if (refs.kind === 'failed') return refs;
  if (refs.kind === 'denied') return unsettled(refs);
  const draft = refs.kind === 'seen' ? refs.value.branches.get('draft') : undefined;
  if (draft === undefined) return failed('malformed', `no mirror of ${zarr} with a branch draft`);
  return zarrSumOfMirror({ zarrMirrors, signal }, zarr, draft);
}

export const COMMANDS = [zarrChecksum] as const;
