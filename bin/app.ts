// The CDK app: `npx cdk synth`, `npx cdk deploy`. Choices come as context (docs/deploy.md).

import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { SettingError } from '../lib/context.ts';
import { readSettings } from '../lib/settings.ts';
import { MirrorwatchStack } from '../lib/stack.ts';
import { buildSite } from '../lib/website/site.ts';

// Before the app exists: CDK synthesizes as soon as this process has nothing to wait for.
const { files: site } = await buildSite();
const app = new App();
try {
  const settings = readSettings(app.node.getAllContext());
  new MirrorwatchStack(app, 'Mirrorwatch', { settings, site });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(`mirrorwatch: ${error.message}`);
  process.exitCode = 1;
}
