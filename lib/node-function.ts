// One Lambda function with its own role, memory, timeout and log group.

import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { HANDLER } from './bundle.ts';
import { acknowledge } from './reasons.ts';
import { ownService } from './service-principal.ts';

/**
 * V8's space for new objects, in MB. The default is a third of a function's memory
 * (docs/performance.md).
 */
const LITTLE_SPACE_FOR_NEW_OBJECTS = '--max-semi-space-size=16';

export interface NodeFunctionProps {
  readonly code: Code;
  readonly description: string;
  /** Megabytes; CPU grows with it (one whole core at 1,769). */
  readonly memory: number;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /** @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Gets the events of asynchronous calls that failed for good. @default none */
  readonly deadLetterQueue?: IQueue | undefined;
  /** X-Ray. @default false */
  readonly tracing?: boolean;
}

export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Replaces the managed AWSLambdaBasicExecutionRole, which may write to every log group.
    this.role = new Role(this, 'Role', {
      assumedBy: ownService(this, 'lambda.amazonaws.com'),
      description: props.description,
    });
    logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      code: props.code,
      handler: HANDLER,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      description: props.description,
      memorySize: props.memory,
      timeout: props.timeout,
      role: this.role,
      logGroup,
      // Powertools writes JSON, so the platform's own lines are JSON too.
      loggingFormat: LoggingFormat.JSON,
      tracing: props.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.deadLetterQueue && { deadLetterQueue: props.deadLetterQueue }),
      // An update leaves the version that it replaces (lib/pipeline/versions.ts removes it); one that
      // is rolled back takes its new one along, or the next would fail: there is one already.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      environment: { NODE_OPTIONS: LITTLE_SPACE_FOR_NEW_OBJECTS, ...props.environment },
    });
    if (props.tracing) {
      acknowledge(this.role, 'IAM5[Resource::*]', 'X-Ray has no resources to name');
    }
  }
}
