// Alarms: the topic that the operator subscribes to, the alarms of the catalogue, a budget, and on
// request a dashboard of the runs.

import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { folderOf } from '../../core/documents/paths.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { nameFor } from '../../lambdas/names.ts';
import { type AlarmDefinition, alarmsOf, boardAlarmsOf } from './catalogue.ts';
import { makeDashboard } from './dashboard.ts';

export interface AlarmsProps {
  /** @default null: subscribe to the topic by hand */
  readonly email?: string | null;
  /** US dollars that the account may cost in a month. @default null: no budget */
  readonly monthlyBudget?: number | null;
}

export interface Watched {
  readonly archive: Archive;
  readonly stateMachine: StateMachine;
  /** Of the runs; null if they are started by hand. */
  readonly schedule: string | null;
  /** Events that did not arrive. */
  readonly undelivered: IQueue;
  /** Whether there is a dashboard. */
  readonly dashboard: boolean;
}

export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email, monthlyBudget }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Mirrorwatch', enforceSSL: true });
    if (email) this.topic.addSubscription(new EmailSubscription(email));
    // A topic with its own policy loses the default one, which let alarms publish.
    this.allowToPublish('cloudwatch.amazonaws.com', 'AlarmsOfThisAccount');
    if (monthlyBudget != null) this.addBudget(monthlyBudget);
  }

  /** The functions need the topic, and the alarms what the pipeline made. */
  watch({ archive, stateMachine, schedule, undelivered, dashboard }: Watched): void {
    const folder = folderOf(archive);
    const service = nameFor(Stack.of(this).stackName, folder);
    const alarms = alarmsOf(service, schedule, undelivered).map((one) => this.add(one, folder));
    if (dashboard) {
      makeDashboard(this, nameFor('Dashboard', folder), { service, stateMachine, alarms });
    }
  }

  /**
   * @param front the function that answers visitors
   * @param room bytes that all boards together may have
   */
  watchBoards(front: IFunction, room: number): void {
    for (const one of boardAlarmsOf(Stack.of(this).stackName, front, room)) this.add(one);
  }

  private add(definition: AlarmDefinition, folder = ''): Alarm {
    const alarm = new Alarm(this, nameFor(definition.name, folder), {
      alarmDescription: `${definition.meaning} What to do: docs/runbook.md, ${definition.name}.`,
      metric: definition.metric,
      threshold: definition.threshold,
      comparisonOperator: definition.comparison,
      evaluationPeriods: definition.evaluationPeriods,
      treatMissingData: definition.missingData,
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }

  /**
   * Of the whole account: a budget for tagged costs sees nothing before somebody activates the tag
   * for billing, and then says nothing either.
   */
  private addBudget(dollars: number): void {
    const subscribers = [{ subscriptionType: 'SNS', address: this.topic.topicArn }];
    const budget = new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `${Stack.of(this).stackName}-monthly`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: dollars, unit: 'USD' },
      },
      notificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((notificationType) => ({
        notification: {
          notificationType,
          comparisonOperator: 'GREATER_THAN',
          threshold: 100,
          thresholdType: 'PERCENTAGE',
        },
        subscribers,
      })),
    });
    // Budgets tries the topic when it is made.
    budget.node.addDependency(this.allowToPublish('budgets.amazonaws.com', 'BudgetOfThisAccount'));
  }

  private allowToPublish(service: string, sid: string): Construct {
    const { policyDependable } = this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals: [new ServicePrincipal(service)],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return policyDependable as Construct;
  }
}
