// Which row is worse: by status, then by what is lost, then by how long it has been so. Every list
// of the worst entries has this order. The page bundles this file.

import { faultsIn, type Shown } from './catalogue.ts';
import type { Row } from './rows.ts';
import { STATUSES, type Status } from './vocabulary.ts';

export interface Loss {
  readonly status: Status;
  /** Whether a whole copy is missing or closed (`isLoss` of a finding). */
  readonly isWhole: boolean;
  /** Files that differ. */
  readonly files: number;
}

/** More than all public files together, and few enough for whole numbers to stay exact. */
const MOST_FILES = 2 ** 43;

/** One number, the smaller the worse. */
export const severityOf = ({ status, isWhole, files }: Loss): number =>
  STATUSES.indexOf(status) * 4 * MOST_FILES +
  (isWhole ? 0 : 2 * MOST_FILES) -
  Math.min(files, MOST_FILES);

/** Whether one of a row's findings says that a whole copy is missing or closed. */
export const isWholeLoss = ({ checks }: Pick<Shown, 'checks'>, row: Pick<Row, 'checks'>): boolean =>
  checks.some(({ id, findings }) =>
    row.checks[id]?.findings.some((finding) => findings[finding]?.isLoss),
  );

/**
 * Worse rows first; of those that lost as much, those that have been so for longer.
 * @param since milliseconds since 1970; 0 before the first run
 */
export const compareWorst = (
  severity: number,
  since: number,
  otherSeverity: number,
  otherSince: number,
): number => severity - otherSeverity || since - otherSince;

/** A sorted copy. Equal rows keep their order. */
export function worstFirst(archive: Pick<Shown, 'checks'>, rows: readonly Row[]): Row[] {
  const faults = archive.checks.flatMap(faultsIn);
  const ranked = rows.map((row) => {
    const files = faults.reduce(
      (sum, { id, name }) => sum + (row.checks[id]?.numbers[name] ?? 0),
      0,
    );
    const loss = { status: row.status, isWhole: isWholeLoss(archive, row), files };
    return { row, severity: severityOf(loss), since: row.since ? Date.parse(row.since) : 0 };
  });
  ranked.sort((a, b) => compareWorst(a.severity, a.since, b.severity, b.since));
  return ranked.map(({ row }) => row);
}
