// Writes a row in the layout of data/all-datasets.json, which is that of the system this one
// succeeds, and reads it back. The page does this too: imports only types.

import type { CheckRow, Row } from '../../../core/documents/rows.ts';
import type { CheckDefinition } from '../../../core/monitor/check.ts';
import type { SummaryRow } from './summary.ts';

type Depths = readonly Pick<CheckDefinition, 'id' | 'of'>[];

/** @param checks those of the archive, in their order */
export function summaryRow(row: Row, checks: Depths): SummaryRow {
  /** Null if a check of names has no value; absent if a check of contents was not made. */
  const perCheck = <T>(of: (check: CheckRow) => T | null) =>
    Object.fromEntries(
      checks.map(({ id, of: depth }) => {
        const own = row.checks[id];
        return [id, own ? of(own) : depth === 'names' ? null : undefined];
      }),
    );
  const { s3Version, s3Files, s3Content } = row.checks;
  const blocked = s3Version?.subtype === 'blocked';
  // Nothing is counted for an export without files.
  const differing = s3Files?.subtype === 'export-missing' ? {} : (s3Files?.numbers ?? {});
  const { content, size, none } = s3Content?.numbers ?? {};
  const isCompared = content !== undefined && size !== undefined && none !== undefined;
  const view = {
    id: row.id,
    status: row.status,
    checks: perCheck(({ status }) => status),
    s3Blocked: blocked ? true : null,
    since: row.since ?? undefined,
    checksSince: unlessEmpty(perCheck(({ since }) => since)) ?? undefined,
    lastChecked: unlessEmpty(perCheck(({ at }) => at)),
    s3FilesAdded: differing.added || null,
    s3FilesRemoved: differing.removed || null,
    s3FilesExpected: differing.expected,
    issueSubtypes: unlessEmpty(perCheck(({ subtype }) => subtype)),
    githubVersion: row.checks.github?.version ?? null,
    s3Version: s3Version?.version ?? null,
    latestSnapshotDate: row.versionDate,
    name: row.name,
    latestSnapshot: row.version,
    checkedAt: row.checkedAt,
    unverified: unlessEmpty(perCheck(({ lastAttempt }) => lastAttempt)),
    // A single finding is in issueSubtypes.
    findings: checks.flatMap(({ id }) => {
      const found = row.checks[id]?.findings ?? [];
      return found.length > 1 ? found : [];
    }),
    notCompared: s3Files?.notCompared ?? null,
    causes: row.causes ?? undefined,
    rulesVersion: row.rulesVersion ?? undefined,
    pending: row.pending ?? undefined,
    compared: isCompared ? { content, size, none } : undefined,
  };
  return view as unknown as SummaryRow;
}

/** What the layout holds of a row; reading a published summary needs no more. */
export function rowOfSummary(view: SummaryRow, checks: readonly CheckDefinition[]): Row {
  const of = <T>(values: object | null, id: string) =>
    (values as Readonly<Record<string, T | null | undefined>> | null)?.[id] ?? null;
  const versions = { github: view.githubVersion, s3Version: view.s3Version };
  const numbers: Readonly<Record<string, CheckRow['numbers']>> = {
    s3Files: {
      ...(view.s3FilesAdded !== null && { added: view.s3FilesAdded }),
      ...(view.s3FilesRemoved !== null && { removed: view.s3FilesRemoved }),
      ...(view.s3FilesExpected !== undefined && { expected: view.s3FilesExpected }),
    },
    ...(view.compared && { s3Content: view.compared }),
  };
  const made = checks.flatMap(({ id, findings }): [string, CheckRow][] => {
    const status = of<CheckRow['status']>(view.checks, id);
    if (status === null) return [];
    const subtype = of<string>(view.issueSubtypes, id);
    const found = view.findings.filter((finding) => Object.hasOwn(findings, finding));
    return [
      [
        id,
        {
          status,
          subtype,
          findings: found.length > 0 || subtype === null ? found : [subtype],
          at: of<string>(view.lastChecked, id),
          since: of<string>(view.checksSince ?? null, id),
          lastAttempt: of(view.unverified, id),
          version: of<string>(versions, id),
          numbers: numbers[id] ?? {},
          notCompared: id === 's3Files' ? view.notCompared : null,
        },
      ],
    ];
  });
  return {
    id: view.id,
    name: view.name,
    version: view.latestSnapshot,
    versionDate: view.latestSnapshotDate,
    status: view.status,
    since: view.since ?? null,
    checkedAt: view.checkedAt,
    checks: Object.fromEntries(made),
    causes: view.causes ?? null,
    pending: view.pending ?? null,
    rulesVersion: view.rulesVersion ?? null,
  };
}

/** The old documents show null, not an object of nulls. */
function unlessEmpty<T extends object>(values: T): T | null {
  return Object.values(values).every((value) => value == null) ? null : values;
}
