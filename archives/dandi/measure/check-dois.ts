// Stage: is the DOI of the newest published version findable, and does it lead there? Reads the
// metadata of the version, and asks DataCite. Writes doi.json.

import { failed } from '../../../core/failure.ts';
import { doi as check } from '../checks/doi.ts';
import { shown } from '../checks/shapes.ts';
import { inSlices } from './in-slices.ts';

export const checkDois = inSlices(check, async ({ registry, dois, signal }, { id, open }) => {
  const unasked = { httpStatus: null, state: null, url: null };
  if (open.published === null) {
    const none = { version: null, doi: null, expected: null };
    return { kind: 'evidence', evidence: { ...none, ...unasked } };
  }
  const { version } = open.published;
  const metadata = await registry.metadata(id, version, signal);
  if (metadata.kind === 'failed') return metadata;
  if (metadata.kind !== 'seen') return failed('malformed', `a listed version is ${metadata.kind}`);
  const { doi } = metadata.value;
  const expected = `10.48324/dandi.${id}/${version}`;
  const told = typeof doi === 'string' && doi !== '' ? shown(doi) : null;
  const about = { version, doi: told, expected };
  if (told?.toLowerCase() !== expected) {
    return { kind: 'evidence', evidence: { ...about, ...unasked } };
  }
  const answer = await dois.readDoi(expected, id, signal);
  if (answer.kind === 'failed') return answer;
  const seen =
    answer.kind === 'absent'
      ? { httpStatus: 404 as const, state: null, url: null }
      : { httpStatus: 200 as const, ...answer.value };
  return { kind: 'evidence', evidence: { ...about, ...seen } };
});
