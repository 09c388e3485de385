// Every wide permission and every suppressed cdk-nag rule needs a reason. The reason distinguishes
// it from an oversight.

import { Stack, Validations } from 'aws-cdk-lib';
import { type Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** @param rule of cdk-nag's AwsSolutions pack, without the pack's name: `S1`, `CFR2` */
export function acknowledge(on: IConstruct, rule: string, reason: string): void {
  Validations.of(on).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}

export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why a resource contains a `*`; required if one does. */
  readonly why?: string;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** @throws when a resource is a pattern without a reason */
export function allow(role: Role, { actions, resources, why, conditions }: Permission): void {
  for (const resource of resources.map((arn) => readable(Stack.of(role).resolve(arn)))) {
    if (!resource.includes('*')) continue;
    if (why === undefined) throw new Error(`${role.node.path}: ${resource} needs a reason`);
    acknowledge(role, `IAM5[Resource::${resource}]`, why);
  }
  role.addToPolicy(
    new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions && { conditions }),
    }),
  );
}

/** For a policy that CDK writes: one reason covers every pattern in it. */
export function acknowledgePatterns(policy: Policy, why: string): void {
  const { Statement } = Stack.of(policy).resolve(policy.document) as {
    Statement: { Resource: unknown }[];
  };
  for (const resource of Statement.flatMap(({ Resource }) => Resource).map(readable)) {
    if (resource.includes('*')) acknowledge(policy, `IAM5[Resource::${resource}]`, why);
  }
}

/** An ARN of a template in one line, as cdk-nag writes it: `<Bucket.Arn>/data/*`. */
function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const [name, given] = Object.entries(value as Record<string, unknown>)[0] ?? [];
  if (name === 'Ref') return `<${String(given)}>`;
  if (name === 'Fn::GetAtt') return `<${(given as string[]).join('.')}>`;
  if (name === 'Fn::Join') {
    const [separator, parts] = given as [string, unknown[]];
    return parts.map(readable).join(separator);
  }
  return JSON.stringify(value);
}
