// Options of the commands about the deployed monitor.

export interface StackOptions {
  /** Name of the CloudFormation stack. */
  readonly stack: string;
  /** Of the archive (core/documents/paths.ts): `toy/`, or empty. */
  readonly folder: string;
  readonly json: boolean;
}

export interface RerunOptions extends StackOptions {
  readonly datasets?: string[];
  readonly strict?: boolean;
  readonly stages?: readonly string[];
  readonly unverified?: boolean;
  readonly changed?: boolean;
  readonly force?: boolean;
  readonly acceptShrink?: boolean;
  readonly publishAnyway?: boolean;
  /** Follow the execution to its end. */
  readonly wait: boolean;
}

export interface StatusOptions extends StackOptions {
  /** Number of runs, the newest first. */
  readonly last: number;
}

export interface RestoreOptions extends StackOptions {
  /** Name of the table whose records are copied. */
  readonly from: string;
}

export const DEFAULT_LAST = 10;
