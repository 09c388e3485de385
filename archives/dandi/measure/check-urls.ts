// Stage: does the git-annex branch know where each annexed file can be had? Reads that branch, the
// tree of the draft and its assets, and asks for the recorded versions of objects. Writes
// urls.json.

import { type Failed, failed } from '../../../core/failure.ts';
import { turnOf } from '../../../core/monitor/good-for.ts';
import { someOf } from '../checks/shapes.ts';
import { urls } from '../checks/urls.ts';
import { type RecordedUrls, recordedUrls } from '../rules/recorded-urls.ts';
import { bucketOf } from '../s3-address.ts';
import type { Context } from '../sources/index.ts';
import { inSlices } from './in-slices.ts';
import { SMALL_BYTES } from './mirror-state.ts';
import { someOfTurn } from './some-of-turn.ts';

/** Requests for one dandiset. */
const AT_MOST = 500;
/** Addresses of the API: today it knows every asset that ever was. */
const OF_API = 5;
/** A log has a few lines. */
const LOG_BYTES = 64 << 10;

export const checkUrls = inSlices(urls, async (context, { id, mirror }) => {
  const { signal } = context;
  const [draft, annex] = [mirror?.draft ?? null, mirror?.annex ?? null];
  if (draft === null || annex === null) return { kind: 'without', reason: 'no-mirror' };
  const answer = await context.registry.draftAssets(id, signal);
  if (answer.kind === 'failed') return answer;
  if (answer.kind !== 'seen') return failed('malformed', `a listed dandiset is ${answer.kind}`);
  const tree = await context.logs.readFiles(id, draft, SMALL_BYTES, signal);
  if (tree.kind !== 'seen') return gone(tree);
  const branch = await context.logs.readFiles(id, annex, LOG_BYTES, signal);
  if (branch.kind !== 'seen') return gone(branch);

  const recorded = recordedUrls({
    assets: answer.value.assets,
    draft: tree.value.entries,
    annex: branch.value.entries,
    bucket: bucketOf(context.bucketUrl),
  });
  const asked = await askFor(context, id, recorded.objects);
  if ('kind' in asked) return asked;
  const stale = await askApi(context, id, recorded.ofApi);
  if (!Array.isArray(stale)) return stale;
  return {
    kind: 'evidence',
    evidence: {
      annex,
      keys: recorded.keys,
      asked: asked.asked,
      withoutAddress: someOf(recorded.withoutAddress),
      apiOnly: someOf(recorded.apiOnly),
      dead: someOf(asked.dead.sort()),
      blocked: someOf(asked.blocked.sort()),
      otherBlob: someOf(recorded.otherBlob),
      stale: someOf(stale.sort()),
      claimed: recorded.claimed,
    },
    facts: { numbers: { claimed: recorded.claimed } },
  };
});

const gone = (answer: { readonly kind: 'absent' } | Failed): Failed =>
  answer.kind === 'failed' ? answer : failed('malformed', 'a commit of the mirror is gone');

async function askFor(
  { bucket, signal, runStart }: Context,
  id: string,
  objects: RecordedUrls['objects'],
) {
  const turn = turnOf(id, urls.goodForDays, runStart);
  const chosen = someOfTurn(objects, AT_MOST, ({ address }) => `${turn} ${address.key}`);
  const dead: string[] = [];
  const blocked: string[] = [];
  const heads = await Promise.all(
    chosen.map(({ address }) => bucket.head(address.key, address.versionId, id, signal)),
  );
  for (const [at, head] of heads.entries()) {
    if (head.kind === 'failed') return head;
    const path = chosen[at]?.path as string;
    if (head.status === 404) dead.push(path);
    if (head.status === 403) blocked.push(path);
  }
  return { asked: chosen.length, dead, blocked };
}

/** Paths of assets that the API does not know any more. */
async function askApi(
  { registry, signal, runStart }: Context,
  id: string,
  ofApi: RecordedUrls['ofApi'],
): Promise<string[] | Failed> {
  const turn = turnOf(id, urls.goodForDays, runStart);
  const stale: string[] = [];
  for (const { path, assetId } of someOfTurn(ofApi, OF_API, (one) => `${turn} ${one.assetId}`)) {
    const isKnown = await registry.hasAsset(assetId, id, signal);
    if (isKnown.kind === 'failed') return isKnown;
    if (!isKnown.value) stale.push(path);
  }
  return stale;
}
