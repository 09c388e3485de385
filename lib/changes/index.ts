// The topic of the changes: new faults, and those that are over. Anybody may subscribe to it who may
// know what the site shows; the alarms have a topic of their own, for the operator.

import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface ChangesProps {
  /** @default null: subscribe to the topic by hand */
  readonly email?: string | null;
}

export class Changes extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: ChangesProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Mirrorwatch', enforceSSL: true });
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }
}
