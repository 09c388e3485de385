// What others say of the templates: cfn-lint of CloudFormation, parliament of the roles' policies,
// asl-validator of the state machine, for every choice of a deployment.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import validate from 'asl-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingNames } from '../../lib/settings.ts';
import { installPython, withoutAws } from '../aws/emulator.ts';
import { templateOf } from '../lib/synthesize.ts';
import { archivesIn, CHOICES, settingsIn } from './choices.ts';
import { definitionsOf, policiesOf } from './resolve.ts';

const CFN_LINT = '1.58.0';
const PARLIAMENT = '1.6.4';
/** CDK names a dependency that a reference makes already: it does no harm. */
const IGNORED = 'W3005';
/**
 * An execution is of one of two kinds, and parliament wants both (Service Authorization Reference,
 * "Actions defined by AWS Step Functions").
 */
const BOTH_KINDS = /"states:(?:Describe|Stop)Execution", "required_format": "arn:[^"]*:express:/;

let folder: string;
let cfnLint: string;
let parliament: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-validators-'));
  cfnLint = join(await installPython('cfn-lint', CFN_LINT), 'bin/cfn-lint');
  parliament = join(await installPython('parliament', PARLIAMENT), 'bin/parliament');
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a validator; it must end by itself, whatever it found. */
function findings(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { env: withoutAws(process.env), maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        if (stderr.trim() !== '') reject(new Error(stderr, { cause: error }));
        else if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve(stdout.trim());
      },
    );
  });
}

/** Writes each text once into a folder of its own; returns the folder. */
async function written(name: string, texts: Iterable<readonly [string, string]>): Promise<string> {
  const place = join(folder, name);
  await mkdir(place);
  const known = new Set<string>();
  for (const [file, text] of texts) {
    if (!known.has(text)) await writeFile(join(place, `${file}.json`), text);
    known.add(text);
  }
  expect(known.size).toBeGreaterThan(0);
  return place;
}

const lint = async (place: string) =>
  JSON.parse(
    (await findings(cfnLint, [
      ...['--format', 'json', '--regions', 'us-east-1', '--ignore-checks', IGNORED],
      ...['--', join(place, '*.json')],
    ])) || '[]',
  ).map(
    ({ Rule, Message, Filename }: { Rule: { Id: string }; Message: string; Filename: string }) =>
      `${Filename}: ${Rule.Id} ${Message}`,
  );

const audit = async (place: string) =>
  (await findings(parliament, ['--json', '--directory', place]))
    .split('\n')
    .filter((line) => line !== '' && !BOTH_KINDS.test(line));

test('every setting is among the choices', () => {
  const chosen = new Set(CHOICES.flatMap(settingsIn));
  expect([...chosen].sort()).toEqual(settingNames().toSorted());
});

describe('CloudFormation, by cfn-lint', () => {
  test('finds nothing in the template of any choice', async () => {
    const templates = CHOICES.map((choices, at): [string, string] => [
      `${at}`,
      JSON.stringify(templateOf(choices).toJSON()),
    ]);
    expect(await lint(await written('templates', templates))).toEqual([]);
  });

  test('finds a misspelt property', async () => {
    const template = templateOf().toJSON();
    const [table] = Object.values(template.Resources as Record<string, Json>).filter(
      ({ Type }) => Type === 'AWS::DynamoDB::Table',
    );
    const text = JSON.stringify({
      Resources: { Table: { ...table, Properties: { ...table.Properties, BilingMode: 'x' } } },
    });
    expect(await lint(await written('misspelt', [['table', text]]))).toEqual([
      expect.stringContaining('BilingMode'),
    ]);
  });
});

describe('policies, by parliament', () => {
  test('finds nothing in the policy of any role with any choice', async () => {
    const policies = CHOICES.flatMap((choices, at) =>
      Array.from(policiesOf(templateOf(choices)), ([id, text]): [string, string] => [
        `${id}-${at}`,
        text,
      ]),
    );
    expect(await audit(await written('policies', policies))).toEqual([]);
  });

  test.each([
    ['an action that does not exist', 's3:PutObjekt', 'arn:aws:s3:::bucket/*'],
    ['an action that is not of the resource', 's3:PutObject', 'arn:aws:s3:::bucket'],
  ])('finds %s', async (name, Action, Resource) => {
    const Statement = { Effect: 'Allow', Action, Resource };
    const text = JSON.stringify({ Version: '2012-10-17', Statement });
    expect(await audit(await written(name, [['policy', text]]))).not.toEqual([]);
  });
});

describe('the state machine, by asl-validator', () => {
  test('finds nothing in the definition of any choice', () => {
    const definitions = CHOICES.flatMap((choices) => definitionsOf(templateOf(choices)));
    expect(definitions.length).toBe(CHOICES.reduce((sum, one) => sum + archivesIn(one), 0));
    expect(definitions.flatMap((one) => validate(one).errors)).toEqual([]);
  });

  test('finds a state that does not exist', () => {
    const [definition] = definitionsOf(templateOf()) as [Json];
    definition.States.Plan.Next = 'Nowhere';
    expect(validate(definition).errors).not.toEqual([]);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: templates are what CloudFormation makes of them
type Json = any;
