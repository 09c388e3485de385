// cdk-nag's AwsSolutions pack finds nothing that is not acknowledged with a reason.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { addNag, type Synthesized, stackOf } from './synthesize.ts';

/** The findings in the report of a synthesized app, and the acknowledged ones. */
function reportOf(synthesized: Synthesized): string {
  addNag(synthesized);
  try {
    synthesized.app.synth();
  } catch (error) {
    if ((error as Error).name !== 'ValidationFailed') throw error;
  }
  return readFileSync(join(synthesized.app.outdir, 'validation-report.json'), 'utf8');
}

interface Report {
  readonly pluginReports: readonly {
    readonly conclusion: string;
    readonly violations: readonly { readonly ruleName: string }[];
  }[];
}

const CHOICES = [
  {},
  {
    cdn: 'false',
    tracing: 'true',
    githubTokenParameter: '/mirrorwatch/github',
    alarmEmail: 'watch@example.org',
  },
  {
    schedule: 'rate(7 days)',
    boards: '{}',
    dashboard: 'true',
    domainName: 'watch.example.org',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/abc',
  },
];

test.each(CHOICES)('%j has no unexplained finding', (choices) => {
  const { pluginReports } = JSON.parse(reportOf(stackOf(choices))) as Report;
  expect(pluginReports.length).toBeGreaterThan(0);
  expect(pluginReports.flatMap(({ violations }) => violations.map((v) => v.ruleName))).toEqual([]);
});

test('a bucket without anything is found', () => {
  const synthesized = stackOf();
  new Bucket(synthesized.stack, 'Careless');
  expect(reportOf(synthesized)).toContain('AwsSolutions-S10');
});
