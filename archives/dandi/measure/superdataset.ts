// The superdataset: one submodule for each mirror. It is read once a run, with two requests.

import { fromBinary } from '../../../core/compare/byte-order.ts';
import { type Failed, failed, type Seen, seen } from '../../../core/failure.ts';
import type { Context } from '../sources/index.ts';
import { readSubmodules, type Submodule } from '../submodules.ts';
import { SUBMODULES_PATH } from './mirror-state.ts';

export interface Superdataset {
  readonly byPath: ReadonlyMap<string, Submodule>;
  readonly twice: ReadonlySet<string>;
  /** Path to the commit that it has of the mirror. */
  readonly gitlinks: ReadonlyMap<string, string>;
}

/** Its .gitmodules has 250 bytes for each of some 1,500 mirrors. */
const MAX_BYTES = 16 << 20;
const BRANCH = 'draft';
const GITLINK = 0o160000;

/** Asks when it is first needed; what failed is not asked again. */
export function openSuperdataset(context: Context): () => Promise<Seen<Superdataset> | Failed> {
  let reading: Promise<Seen<Superdataset> | Failed> | undefined;
  return () => {
    reading ??= read(context);
    return reading;
  };
}

async function read({ superdataset, signal }: Context): Promise<Seen<Superdataset> | Failed> {
  const { repository, name } = superdataset;
  const refs = await repository.readRefs(name, signal);
  if (refs.kind === 'failed') return refs;
  if (refs.kind !== 'seen') return failed('malformed', `the superdataset is ${refs.kind}`);
  const commit = refs.value.branches.get(BRANCH);
  if (commit === undefined) return failed('malformed', 'the superdataset has no branch draft');
  const files = await repository.readFiles(name, commit, MAX_BYTES, signal);
  if (files.kind === 'failed') return files;
  if (files.kind === 'absent') return failed('malformed', 'the commit of the superdataset is gone');
  const gitlinks = new Map<string, string>();
  let text = '';
  for (const { path, mode, oid, blob } of files.value.entries) {
    if (mode === GITLINK) gitlinks.set(fromBinary(path), oid);
    else if (fromBinary(path) === SUBMODULES_PATH) text = blob?.toString() ?? '';
  }
  const submodules = readSubmodules(text);
  if (submodules === null) return failed('malformed', 'the superdataset has a broken .gitmodules');
  return seen({ ...submodules, gitlinks });
}
