// The run: a schedule starts the state machine, which calls the stages' functions.

import { Duration } from 'aws-cdk-lib';
import type { IVersion } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type Archive, FIRST_STAGE } from '../../core/monitor/archive.ts';
import { SCHEDULED, WATCH } from '../../lambdas/names.ts';
import { pipelineStages } from '../functions.ts';
import type { NodeFunction } from '../node-function.ts';
import { RECORD_END, recordEnds, undeliveredQueue } from './ends.ts';
import type { PipelineProps } from './props.ts';
import { runMachine } from './run-machine.ts';
import { allowQuestions } from './run-role.ts';
import { needsWatching, WATCH_SILENCE, watchSilence } from './silence.ts';
import { stageFunction } from './stage-function.ts';
import { OldVersions } from './versions.ts';
import { watchChanges } from './watch.ts';

export class Pipeline extends Construct {
  readonly archive: Archive;
  readonly stateMachine: StateMachine;
  readonly functions: Readonly<Record<string, NodeFunction>>;
  /**
   * Starts of the schedule and ends of runs that could not be delivered or handled: each message is
   * something that a person must look at.
   */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    this.archive = props.archive;
    this.undelivered = undeliveredQueue(this);
    const functionOf = (stage: string) => stageFunction(this, stage, this.undelivered, props);
    this.functions = Object.fromEntries(
      pipelineStages(props.archive).map((stage) => [stage, functionOf(stage)]),
    );
    const versions = Object.fromEntries(
      Object.entries(this.functions).map(([stage, one]) => [
        stage,
        one.function.currentVersion as IVersion,
      ]),
    );
    this.stateMachine = runMachine(this, versions, props);
    const { role } = this.functions[FIRST_STAGE] as NodeFunction;
    allowQuestions(this, role, this.stateMachine);
    new OldVersions(this, 'OldVersions', {
      versions: Object.values(versions),
      stateMachine: this.stateMachine,
      logRetention: props.logRetention,
    });
    recordEnds(this, {
      stateMachine: this.stateMachine,
      recordEnd: functionOf(RECORD_END),
      undelivered: this.undelivered,
    });
    if (props.schedule) {
      new Schedule(this, 'Schedule', {
        description: 'Starts a full run',
        schedule: ScheduleExpression.expression(props.schedule),
        target: new StepFunctionsStartExecution(this.stateMachine, {
          input: ScheduleTargetInput.fromObject(SCHEDULED),
          // A run that starts hours late would overlap the next one.
          maxEventAge: Duration.hours(2),
          retryAttempts: 5,
          deadLetterQueue: this.undelivered,
        }),
      });
      if (needsWatching(props.schedule)) {
        watchSilence(this, functionOf(WATCH_SILENCE));
      }
    }
    if (props.watch) {
      const watch = functionOf(WATCH);
      watchChanges(this, props.watch, watch, this.stateMachine, this.undelivered);
    }
  }
}
