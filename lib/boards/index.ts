// Saved boards: a table of their own, so that visitors can neither slow a run nor run up a bill, and
// three functions. Only CloudFront reaches the first, nobody from outside the others.

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type IOrigin,
  OriginRequestPolicy,
  type ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import {
  type CfnFunction,
  FunctionUrlAuthType,
  type IFunction,
  type IFunctionUrl,
} from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Vocabulary, vocabularyOf } from '../../boards/vocabulary.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import {
  BOARDS_ENVIRONMENT,
  BOARDS_TABLE,
  METRICS_NAMESPACE,
  VOCABULARY_FILE,
} from '../../lambdas/names.ts';
import { bundle } from '../bundle.ts';
import { NodeFunction } from '../node-function.ts';
import { allow } from '../reasons.ts';
import { BOARDS_MEMORY, CAPS } from './caps.ts';
import { VIEWER_CODE } from './viewer.ts';

/** It gives up after five seconds (boards/handler.ts). */
const ANSWERS_WITHIN = Duration.seconds(6);

export interface BoardsProps {
  /** The stack's. */
  readonly name: string;
  /** Environment of the functions (boards/settings.ts). */
  readonly boards: Readonly<Record<string, string>>;
  readonly archives: readonly Archive[];
  readonly logRetention: RetentionDays;
}

export class Boards extends Construct {
  readonly table: Table;
  readonly url: IFunctionUrl;
  /** Name of the function for maintenance. */
  readonly maintenance: string;
  /** The one that answers visitors; its concurrency switches all off. */
  readonly front: IFunction;

  constructor(scope: Construct, id: string, props: BoardsProps) {
    super(scope, id);
    this.table = this.makeTable(props.name);
    const evict = this.makeFunction('Evict', 'evict', props, {
      does: 'evicts boards, and counts them every night',
      timeout: Duration.minutes(5),
      atOnce: 1,
    });
    const read = ['GetItem', 'UpdateItem', 'DeleteItem'];
    this.allowTable(evict, [...read, 'Scan'], 'Query');
    new Rule(this, 'Nightly', {
      description: 'Mirrorwatch: counts boards again',
      schedule: Schedule.cron({ hour: '3', minute: '40' }),
      targets: [
        new LambdaFunction(evict.function, {
          event: RuleTargetInput.fromObject({ recount: true }),
        }),
      ],
    });

    const front = this.makeFunction('Front', null, props, {
      does: 'saves and reads boards',
      timeout: ANSWERS_WITHIN,
      atOnce: CAPS.atOnce,
      environment: { [BOARDS_ENVIRONMENT.evict]: evict.function.functionName },
    });
    this.allowTable(front, [...read, 'PutItem'], 'Query');
    allow(front.role, {
      actions: ['lambda:InvokeFunction'],
      resources: [evict.function.functionArn],
    });
    this.front = front.function;
    this.url = front.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });

    const maintenance = this.makeFunction('Maintenance', 'maintenance', props, {
      does: 'shows, whitelists, protects and deletes boards',
      timeout: ANSWERS_WITHIN,
    });
    this.allowTable(maintenance, [...read, 'PutItem', 'Scan'], null);
    this.maintenance = maintenance.function.functionName;
  }

  /** How CloudFront passes requests on; maintenance comes first, and never arrives. */
  behaviors({
    nowhere,
    headers,
  }: {
    readonly nowhere: IOrigin;
    readonly headers: ResponseHeadersPolicy;
  }): Record<string, BehaviorOptions> {
    const common = {
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: headers,
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: new CloudFrontFunction(this, 'Viewer', {
            comment: 'Mirrorwatch: boards are not maintained from outside',
            code: FunctionCode.fromInline(VIEWER_CODE),
            runtime: FunctionRuntime.JS_2_0,
          }),
        },
      ],
    };
    const origin = FunctionUrlOrigin.withOriginAccessControl(this.url);
    return {
      '/api/maintenance/*': { ...common, origin: nowhere },
      '/api/*': { ...common, origin },
    };
  }

  private makeTable(name: string): Table {
    const capped = (read: number, write: number) => ({
      ...{ maxReadRequestUnits: read, maxWriteRequestUnits: write },
    });
    const table = new Table(this, 'Table', {
      ...{ tableName: `${name}-boards`, deletionProtection: true },
      ...capped(CAPS.readUnits, CAPS.writeUnits),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'ttl',
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      ...{ indexName: BOARDS_TABLE.index.name, ...capped(CAPS.indexUnits, CAPS.indexUnits) },
      partitionKey: { name: BOARDS_TABLE.index.key, type: AttributeType.STRING },
      sortKey: { name: 'lastAccess', type: AttributeType.NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['size'],
    });
    return table;
  }

  private makeFunction(
    id: string,
    part: string | null,
    { name, boards, archives, logRetention }: BoardsProps,
    own: {
      readonly does: string;
      readonly timeout: Duration;
      readonly atOnce?: number;
      readonly environment?: Readonly<Record<string, string>>;
    },
  ): NodeFunction {
    const words: Vocabulary = vocabularyOf(archives);
    const called = part === null ? 'boards' : `boards-${part}`;
    const made = new NodeFunction(this, id, {
      code: bundle({
        entry: `lambdas/${called}.lambda.ts`,
        isAwaited: true,
        files: new Map([[VOCABULARY_FILE, Buffer.from(JSON.stringify(words))]]),
      }),
      description: `Mirrorwatch ${called}: ${own.does}`,
      memory: BOARDS_MEMORY,
      timeout: own.timeout,
      logRetention,
      environment: {
        ...boards,
        ...own.environment,
        [BOARDS_ENVIRONMENT.table]: this.table.tableName,
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      },
    });
    const { defaultChild } = made.function.node;
    if (own.atOnce !== undefined) {
      (defaultChild as CfnFunction).reservedConcurrentExecutions = own.atOnce;
    }
    return made;
  }

  /** @param ofIndex what it may do with the index; null for nothing */
  private allowTable(to: NodeFunction, verbs: readonly string[], ofIndex: 'Query' | null): void {
    const actions = verbs.map((verb) => `dynamodb:${verb}`);
    allow(to.role, { actions, resources: [this.table.tableArn] });
    if (ofIndex === null) return;
    const index = `${this.table.tableArn}/index/${BOARDS_TABLE.index.name}`;
    allow(to.role, { actions: [`dynamodb:${ofIndex}`], resources: [index] });
  }
}
