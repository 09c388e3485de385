// A stack with another archive beside the first: what the first has stays as it is, and neither may
// touch what is the other's.

import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ARCHIVES } from '../../archives/index.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { nameFor } from '../../lambdas/names.ts';
import { pipelineStages } from '../../lib/functions.ts';
import { toy as toyArchive } from '../contract/toy/index.ts';
import { inOneLine, resourcesOf, stackOf, templateOf } from './synthesize.ts';

const toy = toyArchive as Archive;
const alone = templateOf().toJSON();
const both = Template.fromStack(stackOf({}, {}, [...ARCHIVES, toy]).stack);
const together = both.toJSON();
/** What the stack has for the toys. */
const added = Object.keys(together.Resources).filter((id) => !(id in alone.Resources));

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
/** Role → statements. */
const statements = resourcesOf(both, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
  (Properties.Roles as unknown[]).flatMap((role) =>
    (Properties.PolicyDocument.Statement as Statement[]).map((one) => ({
      role: inOneLine(role),
      isOfToys: inOneLine(role).startsWith('<PipelineToy'),
      actions: [one.Action].flat(),
      resources: [one.Resource].flat().map(inOneLine),
      ...one,
    })),
  ),
);
const BUCKET = '<ResultsBucket.Arn>/';
/** As IAM matches: `*` is any text, `?` any letter. */
const matches = (pattern: string, key: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(key);
const mayOn = (isOfToys: boolean, action: RegExp, key: string) =>
  statements
    .filter((one) => one.isOfToys === isOfToys && one.Effect === 'Allow')
    .filter((one) => one.role !== '<WebsitePublisherRole>')
    .filter(({ actions }) => actions.some((each) => action.test(each)))
    .filter(({ resources }) =>
      resources.some((each) => each.startsWith(BUCKET) && matches(each.slice(BUCKET.length), key)),
    )
    .map(({ role }) => role);

const RUN = '2026-08-01T06-00-00.000Z';
const OF_TOYS = [
  ...['data/toy/status.json', 'data/toy/summary.json', 'data/toy/datasets/bear/copy.json'],
  ...['data/toy/timestamps/copy.json', 'data/toy/list.json', 'data/toy/datasets-registry.json'],
  ...[`runs/toy/${RUN}/datasets.json`, 'trees/toy/ab/abcd'],
];
const OF_FIRST = [
  ...['data/status.json', 'data/summary.json', 'data/datasets/ds000001/github.json'],
  ...['data/timestamps/github.json', 'data/datasets-registry.json'],
  ...[`runs/${RUN}/datasets.json`, 'trees/ab/abcd'],
];

describe('a second archive in the stack', () => {
  test('changes no resource and no output of the first', () => {
    for (const part of ['Resources', 'Outputs', 'Parameters']) {
      for (const [id, was] of Object.entries(alone[part])) {
        // One function answers for the curves of all archives, and may read them.
        if (/^WebsiteCurveRole/.test(id)) continue;
        expect(together[part][id], id).toEqual(was);
      }
    }
  });

  test('has a function for each stage, a state machine, two schedules and an output of its own', () => {
    const names = (type: string) =>
      resourcesOf(both, type).flatMap(([id]) => (added.includes(id) ? [id] : []));
    const functions = resourcesOf(both, 'AWS::Lambda::Function').filter(([id]) =>
      added.includes(id),
    );
    const environments = functions.flatMap(([, { Properties }]) => {
      const { MIRRORWATCH_ARCHIVE, MIRRORWATCH_MEASUREMENT } =
        Properties.Environment?.Variables ?? {};
      return MIRRORWATCH_ARCHIVE ? [[MIRRORWATCH_ARCHIVE, MIRRORWATCH_MEASUREMENT]] : [];
    });
    expect(environments.length).toBeGreaterThanOrEqual(pipelineStages(toy).length);
    expect(new Set(environments.map(([archive]) => archive))).toEqual(new Set(['toy']));
    expect(environments.flatMap(([, measurement]) => measurement ?? []).sort()).toEqual(
      toy.measurements.map(({ id }) => id).sort(),
    );
    expect(names('AWS::StepFunctions::StateMachine')).toHaveLength(1);
    // Of its runs, and of the look at what changed.
    expect(names('AWS::Scheduler::Schedule')).toHaveLength(2);
    expect(names('AWS::S3::Bucket')).toEqual([]);
    expect(names('AWS::DynamoDB::Table')).toEqual([]);
    const output = together.Outputs[nameFor('StateMachineArn', 'toy/')];
    expect(added).toContain(output.Value.Ref);
    for (const id of added) expect(id).toMatch(/Toy|^SchedulerRole/);
  });

  test('can have a schedule of its own, or none', () => {
    const { stack } = stackOf({ 'toy.schedule': 'off' }, {}, [...ARCHIVES, toy]);
    const schedules = resourcesOf(Template.fromStack(stack), 'AWS::Scheduler::Schedule');
    expect(schedules.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'PipelineSchedule',
      'PipelineWatchSchedule',
    ]);
  });
});

describe('permissions of two archives', () => {
  test('cover their own keys', () => {
    // The toys keep no files of commits.
    for (const key of OF_TOYS.slice(0, -1))
      expect(mayOn(true, /GetObject/, key), key).not.toEqual([]);
    for (const key of OF_FIRST) expect(mayOn(false, /GetObject/, key), key).not.toEqual([]);
    expect(mayOn(true, /PutObject/, 'data/archives.json')).toEqual(['<PipelineToySummarizeRole>']);
    expect(mayOn(false, /PutObject/, 'data/archives.json')).toEqual(['<PipelineSummarizeRole>']);
  });

  // Kept trees are named by their commit and the same for all, so they need no fence.
  test.each(OF_TOYS.slice(0, -1))('none of the first writes or removes %s', (key) => {
    expect(mayOn(false, /PutObject|DeleteObject/, key)).toEqual([]);
  });

  test.each(OF_FIRST)('none of the toys writes or removes %s', (key) => {
    expect(mayOn(true, /PutObject|DeleteObject/, key)).toEqual([]);
  });

  test('the toys read only the report of the other archive', () => {
    const read = OF_FIRST.filter((key) => mayOn(true, /GetObject/, key).length > 0);
    expect(read).toEqual(['data/status.json']);
  });

  test('each starts, calls and describes what is its own', () => {
    const ofMachine = statements.filter(({ actions }) =>
      actions.some((each) => /^(?:lambda|states):/.test(each)),
    );
    for (const { isOfToys, resources, role } of ofMachine) {
      if (!role.startsWith('<Pipeline')) continue;
      for (const each of resources) {
        expect(/PipelineToy/.test(each), `${role} ${each}`).toBe(isOfToys);
      }
    }
  });
});
