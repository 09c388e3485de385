// The one stack: with two, bucket and CloudFront would need each other's names
// (docs/architecture.md). It can be synthesized without an account.

import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ARCHIVES } from '../archives/index.ts';
import { readBoardSettings } from '../boards/settings.ts';
import { folderOf } from '../core/documents/paths.ts';
import type { Archive } from '../core/monitor/archive.ts';
import { nameFor } from '../lambdas/names.ts';
import { Alarms } from './alarms/index.ts';
import { Boards } from './boards/index.ts';
import { Changes } from './changes/index.ts';
import { Pipeline } from './pipeline/index.ts';
import { Results } from './results/index.ts';
import type { Settings } from './settings.ts';
import { Website } from './website/index.ts';
import type { SiteFiles } from './website/site.ts';

/** Cost allocation tag: what each deployment costs. */
export const STACK_TAG = 'mirrorwatch';

export interface MirrorwatchStackProps extends StackProps {
  readonly settings: Settings;
  /** The other archives that are deployed. @default none */
  readonly others?: ReadonlyMap<Archive, Settings>;
  /** The built page. */
  readonly site: SiteFiles;
}

export class MirrorwatchStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { settings, others = new Map(), site, ...props }: MirrorwatchStackProps,
  ) {
    super(scope, id, {
      description: 'Mirrorwatch: are all copies in step?',
      terminationProtection: settings.protect,
      // CloudFormation passes it on to all that can have tags; it can be activated for the bill.
      tags: { [STACK_TAG]: settings.name },
      ...props,
    });
    // The enum's members are the numbers of days; settings.ts accepts no other.
    const logRetention = settings.retentionDays as RetentionDays;
    const results = new Results(this, 'Results', settings);
    const changes = new Changes(this, 'Changes', { email: settings.changesEmail });
    const first = ARCHIVES[0] as Archive;
    const archives = [first, ...others.keys()];
    const folders = archives.map(folderOf);
    const { name, boards: choices } = settings;
    const boards =
      choices && new Boards(this, 'Boards', { name, boards: choices, archives, logRetention });
    const website = new Website(this, 'Website', {
      ...{ ...settings, results, logRetention, site, folders, boards },
    });
    const { alarmEmail: email, monthlyBudget } = settings;
    const alarms = new Alarms(this, 'Alarms', { email, monthlyBudget });
    const pipelines = Array.from([[first, settings] as const, ...others], ([archive, own]) => {
      const pipeline = new Pipeline(this, nameFor('Pipeline', folderOf(archive)), {
        ...{ ...own, archive, results, logRetention },
        topic: alarms.topic,
        changes: changes.topic,
        siteUrl: settings.siteUrl ?? website.url ?? null,
      });
      const { stateMachine, undelivered } = pipeline;
      alarms.watch({ ...own, archive, stateMachine, undelivered });
      return pipeline;
    });

    if (boards) alarms.watchBoards(boards.front, readBoardSettings(choices ?? {}).maxTotalBytes);
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    if (website.url) output('SiteUrl', website.url, 'The dashboard');
    for (const { archive, stateMachine } of pipelines) {
      const name = nameFor('StateMachineArn', folderOf(archive));
      const starts = archive === first ? 'rerun' : `rerun --archive ${archive.id}`;
      output(name, stateMachine.stateMachineArn, `mirrorwatch ${starts} starts it`);
    }
    output('BucketName', results.bucket.bucketName, 'Documents and site');
    output('TableName', results.table.tableName, 'Records of checks and runs');
    if (boards) {
      output('BoardsTableName', boards.table.tableName, 'Saved boards');
      output('BoardsFunctionName', boards.front.functionName, 'mirrorwatch boards off stops it');
      output('BoardsMaintenanceName', boards.maintenance, 'mirrorwatch boards asks it');
    }
    output('ChangesTopicArn', changes.topic.topicArn, 'New faults and fixed ones; subscribe');
    output('AlarmTopicArn', alarms.topic.topicArn, 'Alarms; subscribe to receive them');
  }
}
