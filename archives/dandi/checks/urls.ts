// Does the git-annex branch of the mirror know where each annexed file can be had? (C14, C15, C23)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { commit, count, error, some, warning } from './shapes.ts';

const REGISTER = 'Register the addresses in the bucket for these keys.';
const FINDINGS = {
  'url-missing': error(
    'Files without address',
    'The mirror records no address from which annexed files can be had.',
    REGISTER,
  ),
  'url-dead': error(
    'Dead addresses',
    'The version of the object that the mirror records is not in the bucket.',
    REGISTER,
  ),
  'url-blocked': error(
    'Closed addresses',
    'The dandiset is open, and objects at recorded addresses cannot be read by everybody.',
    'Remove the tag “embargoed” from these objects.',
  ),
  'url-other-blob': warning(
    'Address of another blob',
    'The mirror records an address of another blob for a key.',
    'Take the address back, and register that of the blob of the asset.',
  ),
  'url-stale': warning(
    'Addresses of assets that are gone',
    'The API does not know assets any more whose addresses the mirror records.',
    REGISTER,
  ),
  's3-url-missing': warning(
    'Only addresses of the API',
    'The mirror records no address in the bucket for annexed files.',
    REGISTER,
  ),
};
type Name = keyof typeof FINDINGS;

const evidence = z.object({
  /** Of the branch `git-annex`. */
  annex: commit.nullable(),
  /** Keys of the draft, each once. */
  keys: count,
  /** How many addresses in the bucket were asked for. */
  asked: count,
  /** Paths of files. */
  withoutAddress: some,
  apiOnly: some,
  dead: some,
  blocked: some,
  otherBlob: some,
  /** Of a few addresses of the API: those that it does not know any more. */
  stale: some,
  /** Keys that another repository is said to hold: claimed, and not verifiable. */
  claimed: count,
});
export type UrlsEvidence = z.infer<typeof evidence>;

export const urls = defineCheck({
  id: 'urls',
  file: 'urls',
  title: 'Addresses of annexed files in the git-annex branch',
  of: 'contents',
  stage: 'check-urls',
  goodForDays: 30,
  words: {
    name: 'Addresses',
    asks: 'Does the mirror know where each annexed file can be had?',
    ok: 'Each annexed file has an address, and those that were asked for are alive.',
  },
  findings: FINDINGS,
  numbers: {
    claimed: {
      column: 'claimed',
      csv: 'claimed',
      label: 'Claimed copies',
      says: 'keys with a second copy that is claimed, not verifiable',
    },
  },
  isOfComparisons: true,
  reasons: { embargoed: {}, 'no-mirror': {} },
  evidence,
  judge(seen: object): readonly Name[] {
    const { withoutAddress, apiOnly, dead, blocked, otherBlob, stale } = seen as UrlsEvidence;
    return [
      ...(withoutAddress.count > 0 ? (['url-missing'] as const) : []),
      ...(dead.count > 0 ? (['url-dead'] as const) : []),
      ...(blocked.count > 0 ? (['url-blocked'] as const) : []),
      ...(otherBlob.count > 0 ? (['url-other-blob'] as const) : []),
      ...(stale.count > 0 ? (['url-stale'] as const) : []),
      ...(apiOnly.count > 0 ? (['s3-url-missing'] as const) : []),
    ];
  },
});
