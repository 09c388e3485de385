// What is imported: runs of an older system, recorded as commits of a git repository.

/** What an archive says about such a repository (core/monitor/archive.ts). */
export interface Recorded {
  /** Where the tree of its documents is: `data/`. */
  readonly folder: string;
  /** Earlier runs were the system's start-up: of these only the numbers are kept. */
  readonly steadySince: string;
  /** When the system's own rules changed. */
  readonly rulesChanged: readonly string[];
}

/** A commit that changed the summary. */
export interface RecordedCommit {
  readonly id: string;
  /** Files that changed since the commit before, with their blob; null if removed. */
  changes(): ReadonlyMap<string, string | null>;
}

/** Each call throws Problem if the repository cannot be read. */
export interface RecordedRepository {
  /** Commits that changed this file, oldest first. */
  commits(path: string): Promise<readonly RecordedCommit[]>;
  readBlob(id: string): Promise<Buffer>;
}
