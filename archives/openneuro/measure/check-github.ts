// Stage 2a: is the mirror on GitHub in step? Reads a mirror's refs and the dataset's snapshots;
// writes github.json (docs/checks.md#mirror).

import type { Registry } from '../../../core/documents/documents.ts';
import type { StageReport } from '../../../core/monitor/context.ts';
import { readOrNull, runCheck } from '../../../core/monitor/frame.ts';
import { openLastRecords } from '../../../core/monitor/last-records.ts';
import { waitOf } from '../../../core/monitor/new-entries.ts';
import type { Flow } from '../../../core/monitor/stage.ts';
import type { Session } from '../../../core/monitor/store.ts';
import { documentOf, measured } from '../../../core/monitor/verdict.ts';
import { github } from '../checks/github.ts';
import type { Github } from '../documents.ts';
import { withGithubVerdict } from '../legacy/verdicts.ts';
import { githubPath } from '../paths.ts';
import { githubEvidence, type Mirror } from '../rules/github.ts';
import { readSnapshots } from '../snapshots.ts';
import type { Context } from '../sources.ts';
import { highestVersion } from '../version-order.ts';
import { createRefusalSettler } from './refused-mirror.ts';

const WITHOUT_REFS = { absent: 'repo-not-found', disabled: 'repo-disabled' } as const;

export async function checkGithub(
  context: Context,
  registry: Registry,
  datasets: readonly string[],
  flow?: Flow,
): Promise<StageReport> {
  const known = openLastRecords(context, registry);
  const entryOf = async (dataset: string) => ({
    latest: registry.latestSnapshots[dataset] as string,
    snapshots: await readSnapshots(context, dataset),
  });
  const settle = createRefusalSettler(context, Object.keys(registry.latestSnapshots));
  const check = {
    stage: 'check-github',
    check: 'github',
    waitsUntil: waitOf(context, registry),
    lastRecord: (session: Session) => known.record(session, 'github'),
    async lastDocument(dataset: string) {
      const path = githubPath(dataset);
      const value = await readOrNull<Github>(context, path);
      if (value?.status !== 'pending') return value && { path, value };
      // From an older system, without a verdict: it gets the one that its record is derived with.
      return { path, value: withGithubVerdict(value, await entryOf(dataset)) };
    },
    async outdated({ dataset }: Session) {
      const value = await readOrNull<Github>(context, githubPath(dataset));
      if (!value) return true;
      const now = withGithubVerdict(value, await entryOf(dataset));
      return JSON.stringify(now.findings) !== JSON.stringify(value.findings);
    },
    async measure({ dataset }: Session) {
      const answer = await context.mirror.readRefs(dataset, context.signal);
      const refs = answer.kind === 'denied' ? await settle(dataset, answer) : answer;
      if (refs.kind === 'failed') return refs;
      // Refs without any branch or tag are an empty repository: the rule handles that itself.
      const mirror: Mirror = refs.kind === 'seen' ? refs.value : WITHOUT_REFS[refs.kind];
      const evidence = githubEvidence(mirror);
      const document = documentOf(github, dataset, { evidence, entry: await entryOf(dataset) });
      return measured(github, dataset, document, {
        version: highestVersion(Object.keys(evidence.tags)),
      });
    },
  } as const;
  return runCheck(context, check, datasets, flow);
}
