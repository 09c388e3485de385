// Stage: are the blobs of the draft in the bucket, as listed? Asks with a HEAD for each, for at most
// so many of a dandiset; which ones changes every time. Writes blobs.json.

import { failed } from '../../../core/failure.ts';
import { turnOf } from '../../../core/monitor/good-for.ts';
import { blobs } from '../checks/blobs.ts';
import { someOf } from '../checks/shapes.ts';
import { blobKey } from '../s3-address.ts';
import type { Asset } from '../sources/registry-answers.ts';
import { inSlices } from './in-slices.ts';
import { someOfTurn } from './some-of-turn.ts';

/** 000026 has 57,000; most dandisets have a few hundred. */
const AT_MOST = 1000;

export const checkBlobs = inSlices(blobs, async (context, { id }) => {
  const answer = await context.registry.draftAssets(id, context.signal);
  if (answer.kind === 'failed') return answer;
  if (answer.kind !== 'seen') return failed('malformed', `a listed dandiset is ${answer.kind}`);
  const byBlob = new Map<string, Asset>();
  for (const asset of answer.value.assets) {
    if (asset.blob !== null) byBlob.set(asset.blob, asset);
  }
  const turn = turnOf(id, blobs.goodForDays, context.runStart);
  const chosen = someOfTurn(byBlob, AT_MOST, ([blob]) => `${turn} ${blob}`);
  const missing: string[] = [];
  const blocked: string[] = [];
  const differing: string[] = [];
  const answers = await Promise.all(
    chosen.map(async ([blob, asset]) => {
      const head = await context.bucket.head(blobKey(blob), null, id, context.signal);
      return { asset, head };
    }),
  );
  for (const { asset, head } of answers) {
    if (head.kind === 'failed') return head;
    const { path, size, etag } = asset;
    if (head.status === 404) missing.push(path);
    else if (head.status === 403) blocked.push(path);
    else if (head.size !== size || (etag !== null && head.etag !== etag)) differing.push(path);
  }
  return {
    kind: 'evidence',
    evidence: {
      total: byBlob.size,
      asked: chosen.length,
      missing: someOf(missing.sort()),
      blocked: someOf(blocked.sort()),
      differing: someOf(differing.sort()),
    },
  };
});
