// The stack as CloudFormation will see it, synthesized in this process: no account, no network, and
// no bundling of code unless a test asks for it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Environment, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect } from 'vitest';
import { ARCHIVES } from '../../archives/index.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { readAllSettings } from '../../lib/archive-settings.ts';
import { PREFIX } from '../../lib/context.ts';
import { MirrorwatchStack } from '../../lib/stack.ts';
import { NOT_FOUND_PAGE } from '../../lib/website/answers.ts';

export const ROOT = join(import.meta.dirname, '..', '..');

/** The files of a dashboard, whatever this checkout would build; the page for a wrong address is ours. */
const SITE = new Map<string, Buffer>([
  [NOT_FOUND_PAGE, readFileSync(join(ROOT, 'frontend', NOT_FOUND_PAGE))],
  ...[
    'assets/main-ABCDEF23.js',
    'assets/style-ABCDEF23.css',
    'dataset.html',
    'index.html',
    'plain.css',
  ].map((path): [string, Buffer] => [path, Buffer.from(path)]),
]);

export interface Synthesized {
  readonly app: App;
  readonly stack: MirrorwatchStack;
}

/** The context with our prefix before each name. */
export const prefixed = (choices: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(choices).map(([name, value]) => [PREFIX + name, value]));

/** @param choices as `-c mirrorwatch:name=value`, without the prefix */
export function stackOf(
  choices: Readonly<Record<string, unknown>> = {},
  env: Environment = {},
  archives: readonly Archive[] = ARCHIVES,
): Synthesized {
  const flags = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context;
  const quick = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-stack-trace': true };
  const app = new App({
    context: { ...flags, ...quick },
    treeMetadata: false,
    analyticsReporting: false,
    // `cdk synth` validates; here it would take most of the time (test/lib/synth.test.ts does it).
    builtinCloudFormationValidation: false,
  });
  const all = readAllSettings(prefixed(choices), archives);
  const stack = new MirrorwatchStack(app, all.settings.name, { ...all, site: SITE, env });
  return { app, stack };
}

const made = new Map<string, Template>();

/** The template of a stack; the same choices are synthesized once. */
export function templateOf(choices: Readonly<Record<string, unknown>> = {}): Template {
  const key = JSON.stringify(choices);
  const template = made.get(key) ?? asserting(Template.fromStack(stackOf(choices).stack));
  made.set(key, template);
  return template;
}

/** Template assertions throw; this counts them as vitest assertions. */
function asserting(template: Template): Template {
  return new Proxy(template, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const call = value.bind(target);
      if (!/^(has|allResources|resource\w*Is)/.test(String(name))) return call;
      return (...args: unknown[]) => expect(() => call(...args)).not.toThrow();
    },
  });
}

/** cdk-nag's rule pack, added as bin/app.ts adds it. */
export function addNag({ app }: Synthesized): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are what CloudFormation makes of them
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
}

export function resourcesOf(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

/**
 * A value of a template in one line: `<ResultsBucket.Arn>/data/*`. Ids lose the hash that CDK adds,
 * so that tests are readable.
 */
export function inOneLine(value: unknown): string {
  if (typeof value === 'string') return value;
  // biome-ignore lint/suspicious/noExplicitAny: templates are what CloudFormation makes of them
  const [name, given] = Object.entries(value as object)[0] as [string, any];
  if (name === 'Ref') return `<${plain(given)}>`;
  if (name === 'Fn::GetAtt') return `<${plain(given[0])}.${given[1]}>`;
  if (name === 'Fn::Join') return given[1].map(inOneLine).join(given[0]);
  throw new Error(`what is ${JSON.stringify(value)}?`);
}

const plain = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');
