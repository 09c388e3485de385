// Alerts: a topic, the alarms of the catalogue, and a dashboard of the runs.

import { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ALARMS } from './catalogue.ts';
import { makeDashboard } from './dashboard.ts';

export interface AlarmsProps {
  readonly stateMachine: StateMachine;
  /** @default null: subscribe to the topic by hand */
  readonly email?: string | null;
  /** @default true */
  readonly dashboard?: boolean;
}

export class Alarms extends Construct {
  readonly topic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Mirrorwatch', enforceSSL: true });
    // A topic with its own policy loses the default one, which let alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (props.email) this.topic.addSubscription(new EmailSubscription(props.email));

    const action = new SnsAction(this.topic);
    this.alarms = ALARMS.map((definition) => {
      const alarm = new Alarm(this, definition.name, {
        alarmDescription: `${definition.meaning} What to do: docs/runbook.md, ${definition.name}.`,
        metric: definition.metric(props.stateMachine),
        threshold: definition.threshold,
        comparisonOperator: definition.comparison,
        evaluationPeriods: definition.evaluationPeriods,
        treatMissingData: definition.missingData,
      });
      alarm.addAlarmAction(action);
      return alarm;
    });
    if (props.dashboard ?? true) makeDashboard(this, props.stateMachine, this.alarms);
  }
}
