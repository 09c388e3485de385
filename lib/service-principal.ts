// Services that may take a role, for this account only: without the condition another account could
// have the service act with it (IAM User Guide, "The confused deputy problem").

import { Stack } from 'aws-cdk-lib';
import { type IPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** @param name `lambda.amazonaws.com` */
export function ownService(scope: Construct, name: string): IPrincipal {
  const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
  return new ServicePrincipal(name, { conditions });
}
