// What a pipeline is made with.

import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Archive } from '../../core/monitor/archive.ts';
import type { Results } from '../results/index.ts';

export interface PipelineProps {
  readonly results: Results;
  readonly archive: Archive;
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Datasets that the functions are sized for. */
  readonly sizedFor: number;
  /** Megabytes of each function. */
  readonly memory: Readonly<Record<string, number>>;
  /** Concurrent functions of the file comparison. */
  readonly concurrency: number;
  readonly logRetention: RetentionDays;
  /** EventBridge Scheduler expression in UTC. @default null: runs are started by hand */
  readonly schedule?: string | null;
  /** The same for looking at what changed. @default null: never */
  readonly watch?: string | null;
  /** Name of an SSM SecureString. @default null: requests to GitHub have no token */
  readonly githubTokenParameter?: string | null;
  /** Named in the User-Agent. @default null */
  readonly contactUrl?: string | null;
  /** The mirror host's text for a repository that does not exist. Default: GitHub's and git's. */
  readonly mirrorAbsent?: string | null;
  /** The enabled content checks, comma-separated. @default null: all of them */
  readonly checks?: string | null;
  /** Days that a new dataset's copies may take. @default null: the functions' default */
  readonly newDatasetDays?: number | null;
  /** What is chosen of the archive's own options. @default {}: of each the first */
  readonly choices?: Readonly<Record<string, string>>;
  /** Mirrors that a second git reader also reads. @default null: the functions' default */
  readonly secondReadings?: number | null;
  /** Days for which the registry may be unreadable. @default null: the functions' default */
  readonly registryDays?: number | null;
  /** Gets what a run has to tell the operator. */
  readonly topic: ITopic;
  /** Address of the site; null where there is none: then its files are looked at in the bucket. */
  readonly siteUrl: string | null;
  /** Gets what changed. */
  readonly changes: ITopic;
  /** Gets the same as a signed POST. @default null */
  readonly webhook?: { readonly url: string; readonly secretParameter: string } | null;
  /** The least status that is reported as a fault. @default null: the functions' default */
  readonly notifyFrom?: string | null;
  /** How often a message lists all that changed. @default off */
  readonly digest?: string;
  /** Left half of the badges. @default null: the functions' default */
  readonly badgeLabel?: string | null;
  /** Whether there is a dashboard of the runs. @default false */
  readonly dashboard?: boolean;
  /** X-Ray. @default false */
  readonly tracing?: boolean;
}
