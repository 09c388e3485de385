// What a role of the template allows, judged as IAM does: by action, resource and the keys of the
// table (DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control").

import type { Call } from '../support/aws/cloud.ts';
import { inOneLine, resourcesOf, templateOf } from './synthesize.ts';

export interface Right {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Patterns of the partition; undefined for any. */
  readonly keys: readonly string[] | undefined;
}

/** @param role its id in the template, without the hash */
export function rightsOf(role: string): readonly Right[] {
  const own = resourcesOf(templateOf(), 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    Properties.Roles.map(inOneLine).includes(`<${role}>`),
  );
  if (own.length === 0) throw new Error(`no role ${role}`);
  return own.flatMap(([, { Properties }]) =>
    // biome-ignore lint/suspicious/noExplicitAny: templates are what CloudFormation makes of them
    Properties.PolicyDocument.Statement.map((statement: any): Right => {
      const { Effect, Action, Resource, Condition = {} } = statement;
      const { 'ForAllValues:StringLike': like, ...others } = Condition;
      if (Object.keys(others).length > 0) throw new Error(`what is ${JSON.stringify(others)}?`);
      return {
        effect: Effect,
        actions: [Action].flat(),
        resources: [Resource].flat().map(inOneLine),
        keys: like?.['dynamodb:LeadingKeys'],
      };
    }),
  );
}

export function allows(rights: readonly Right[], call: Call): boolean {
  const [action, resource] = asked(call);
  const applies = (effect: Right['effect']) =>
    rights.some(
      (right) =>
        right.effect === effect &&
        right.actions.includes(action) &&
        right.resources.some((pattern) => isLike(resource, pattern)) &&
        (right.keys === undefined ||
          leadingKeys(call).every((key) => right.keys?.some((pattern) => isLike(key, pattern)))),
    );
  return applies('Allow') && !applies('Deny');
}

const LISTING = 'ListObjectsV2';
/** Commands of the document client whose actions have other names. */
const ITEMS = ['Get', 'Put', 'Update', 'Delete'];

function asked({ service, name, input }: Call): [action: string, resource: string] {
  if (service === 'dynamodb') {
    return [`dynamodb:${ITEMS.includes(name) ? `${name}Item` : name}`, '<ResultsTable.Arn>'];
  }
  if (name === LISTING) return ['s3:ListBucket', '<ResultsBucket.Arn>'];
  return [`s3:${name}`, `<ResultsBucket.Arn>/${input.Key}`];
}

/** Partitions that a request names: a scan names none. */
function leadingKeys({ name, input }: Call): readonly string[] {
  if (name === 'Query') {
    const [, of = ''] = /^pk = (:\w+)/.exec(String(input.KeyConditionExpression)) ?? [];
    return [String((input.ExpressionAttributeValues as Record<string, unknown>)[of])];
  }
  const item = (input.Item ?? input.Key) as { readonly pk?: string } | undefined;
  return typeof item?.pk === 'string' ? [item.pk] : [];
}

const isLike = (text: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`, 's').test(text);
