// The CDK app: `npx cdk synth`, `npx cdk deploy`. Choices come as context (docs/deploy.md).

import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readAllSettings } from '../lib/archive-settings.ts';
import { SettingError } from '../lib/context.ts';
import { MirrorwatchStack } from '../lib/stack.ts';
import { buildSite } from '../lib/website/site.ts';

// Before the app exists: CDK synthesizes as soon as this process has nothing to wait for.
const { files: site } = await buildSite();
const app = new App();
try {
  const { settings, others } = readAllSettings(app.node.getAllContext());
  // CDK sets both where it can ask AWS. Bucket and table then have names that a later stack finds.
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  const env = account && region ? { env: { account, region } } : {};
  new MirrorwatchStack(app, settings.name, { settings, others, site, ...env });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(`mirrorwatch: ${error.message}`);
  process.exitCode = 1;
}
