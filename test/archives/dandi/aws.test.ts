// The DANDI archive on AWS: functions, schedule, tokens and memory of its own.

import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { dandi as dandiArchive } from '../../../archives/dandi/index.ts';
import type { Archive } from '../../../core/monitor/archive.ts';
import { inOneLine, resourcesOf, stackOf } from '../../lib/synthesize.ts';

const dandi = dandiArchive as Archive;
const choices = {
  githubTokenParameter: '/mirrorwatch/first',
  'dandi.githubTokenParameter': '/mirrorwatch/dandi',
  'dandi.choices': '{"zarr-mode": "timestamp"}',
};
const { stack } = stackOf(choices);
const template = Template.fromStack(stack);
const functions = resourcesOf(template, 'AWS::Lambda::Function')
  .map(([, { Properties }]) => ({
    ...Properties,
    variables: Properties.Environment?.Variables ?? {},
  }))
  .filter(({ variables }) => variables.MIRRORWATCH_ARCHIVE === 'dandi');
const byMeasurement = new Map(
  functions.map((one) => [one.variables.MIRRORWATCH_MEASUREMENT as string | undefined, one]),
);

describe('the pipeline', () => {
  test('has a function with its memory for each measurement', () => {
    for (const { id, workers } of dandi.measurements) {
      expect([id, byMeasurement.get(id)?.MemorySize]).toEqual([id, workers.memory]);
    }
  });

  test('runs at an hour of its own', () => {
    const at = resourcesOf(template, 'AWS::Scheduler::Schedule').map(([id, { Properties }]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      Properties.ScheduleExpression,
    ]);
    expect(Object.fromEntries(at)).toMatchObject({
      PipelineSchedule: 'cron(0 6 * * ? *)',
      PipelineDandiSchedule: 'cron(0 8 * * ? *)',
    });
  });

  test('has the chosen modes', () => {
    for (const { variables } of functions) {
      expect(variables.MIRRORWATCH_CHOICES).toBe('{"zarr-mode":"timestamp"}');
    }
  });

  test('gives the token to the function that asks GitHub for records, and to no other', () => {
    const holders = functions.flatMap(({ variables }) =>
      variables.MIRRORWATCH_GITHUB_TOKEN_PARAMETER === undefined
        ? []
        : [variables.MIRRORWATCH_MEASUREMENT],
    );
    expect(holders).toEqual(['check-repositories']);
    const readers = resourcesOf(template, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
      JSON.stringify(Properties.PolicyDocument).includes('parameter/mirrorwatch/dandi')
        ? Properties.Roles.map(inOneLine)
        : [],
    );
    expect(readers).toEqual(['<PipelineDandiCheckRepositoriesRole>']);
  });
});

test('a stack to which nobody gave a setting of it does not have it', () => {
  const alone = Template.fromStack(stackOf({}).stack);
  const names = resourcesOf(alone, 'AWS::Lambda::Function').map(
    ([, { Properties }]) => Properties.Environment?.Variables?.MIRRORWATCH_ARCHIVE,
  );
  expect(names).not.toContain('dandi');
});
