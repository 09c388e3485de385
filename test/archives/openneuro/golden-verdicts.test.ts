// Verdicts over fixed evidence, kept in golden-verdicts.json beside the number of the rules that
// gave them. A change of a verdict requires a new RULES_VERSION, or an unchanged dataset never gets
// it: `npm run golden` then writes the file again.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDescription } from '../../../archives/openneuro/doi.ts';
import type { Summary } from '../../../archives/openneuro/legacy/summary.ts';
import { readClaim } from '../../../archives/openneuro/rules/annex-record.ts';
import { RULES_VERSION } from '../../../archives/openneuro/rules-version.ts';
import { SUMMARY_PATH } from '../../../core/documents/paths.ts';
import { runPipeline } from '../../../core/monitor/run.ts';
import { contentOf } from '../../../core/protocols/git/content.ts';
import { stageContext } from '../../support/stage-context.ts';
import { WHOLE_RUN } from '../../support/stages.ts';
import {
  ANNEX_LOGS,
  ARCHIVE_CASES,
  BLOBS,
  DESCRIPTIONS,
  goldenArchive,
} from './golden-evidence.ts';

const PLACE = { bucket: 'openneuro.org', prefix: 'ds000001/' };
const FILE = join(import.meta.dirname, 'golden-verdicts.json');

interface Golden {
  readonly rulesVersion: number;
  readonly verdicts: Readonly<Record<string, unknown>>;
}

async function verdictsNow(): Promise<Record<string, unknown>> {
  const verdicts: Record<string, unknown> = {};
  for (const [name, [mode, text]] of Object.entries(BLOBS)) {
    verdicts[`blob: ${name}`] = contentOf(mode, Buffer.from(text, 'latin1'));
  }
  for (const [name, doi] of Object.entries(DESCRIPTIONS)) {
    const body = Buffer.from(JSON.stringify({ DatasetDOI: doi }));
    verdicts[`description: ${name}`] = readDescription(body, 'ds000001');
  }
  for (const [name, logs] of Object.entries(ANNEX_LOGS)) {
    verdicts[`record: ${name}`] = readClaim(logs, PLACE);
  }
  const context = stageContext(goldenArchive(), { options: { publishAnyway: true } });
  await runPipeline(context, WHOLE_RUN);
  for (const row of context.store.document<Summary>(SUMMARY_PATH).datasets) {
    const { status, checks, issueSubtypes, findings, notCompared, causes } = row;
    const name = Object.keys(ARCHIVE_CASES)[Number(row.id.slice(2)) - 1];
    verdicts[`dataset: ${name}`] = { status, checks, issueSubtypes, findings, notCompared, causes };
  }
  return JSON.parse(JSON.stringify(verdicts));
}

const golden = JSON.parse(readFileSync(FILE, 'utf8')) as Golden;

test('a verdict over the same evidence changes only with the number of the rules', async () => {
  const now = await verdictsNow();
  const changed = Object.keys(golden.verdicts).filter(
    (name) => JSON.stringify(golden.verdicts[name]) !== JSON.stringify(now[name]),
  );
  if (process.env.MIRRORWATCH_GOLDEN === 'write') {
    expect(changed.length === 0 || RULES_VERSION > golden.rulesVersion, 'raise RULES_VERSION').toBe(
      true,
    );
    const next: Golden = { rulesVersion: RULES_VERSION, verdicts: now };
    writeFileSync(FILE, `${JSON.stringify(next, null, 2)}\n`);
    return;
  }
  const advice =
    'raise RULES_VERSION in archives/openneuro/rules-version.ts, then `npm run golden`';
  expect(golden.rulesVersion, advice).toBe(RULES_VERSION);
  expect(now, advice).toEqual(golden.verdicts);
});
