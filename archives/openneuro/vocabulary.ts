// The vocabulary of OpenNeuro's documents and records: checks and their findings (checks/), causes,
// reasons.

import type { Status } from '../../core/documents/vocabulary.ts';
import { CAUSE_LIST } from './causes.ts';
import { CHECK_LIST } from './checks/index.ts';

export { LEFTOVER_STATES, type LeftoverState } from '../../core/documents/vocabulary.ts';
export {
  NOT_CHECKED_REASONS,
  NOT_COMPARED_REASONS,
  type NotCheckedReason,
  type NotComparedReason,
} from './checks/reasons.ts';
export { UNKNOWN_HEXSHA } from './hexsha.ts';

type Definition = (typeof CHECK_LIST)[number];

export type Check = Definition['id'];

export type NameCheck = Extract<Definition, { of: 'names' }>['id'];

/** The checks that a row may lack. */
export type OptionalCheck = Extract<Definition, { of: 'contents' }>['id'];

/** Those of them that are measured with the files of the export. */
export type ContentCheck = Extract<Definition, { of: 'contents'; stage: 'check-s3-files' }>['id'];

const idsOf = <C extends Check>(is: (check: Definition) => boolean) =>
  CHECK_LIST.flatMap((check) => (is(check) ? [check.id] : [])) as [C, ...C[]];

/** The checks of a dataset, in the order they are shown. */
export const CHECKS = /* @__PURE__ */ idsOf<Check>(() => true);

/** The checks of names: every row has them. */
export const NAME_CHECKS = /* @__PURE__ */ idsOf<NameCheck>(({ of }) => of === 'names');

/** Null or absent in a row if they were not made. */
export const OPTIONAL_CHECKS = /* @__PURE__ */ idsOf<OptionalCheck>(({ of }) => of === 'contents');

/** The contents of the export's files, and what git-annex records of them. */
export const CONTENT_CHECKS = /* @__PURE__ */ idsOf<ContentCheck>(
  ({ of, stage }) => of === 'contents' && stage === 'check-s3-files',
);

const NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set(NAME_CHECKS);

export const isOfNames = (check: Check): check is NameCheck => NAMES.has(check);

/**
 * A value for each check: null if a check of names has none, absent if a check of contents has
 * none.
 */
export type PerCheck<T> = { [C in NameCheck]: T | null } & { [C in OptionalCheck]?: T | null };

/** In the order of the checks. A content check without a value is undefined, and so not written. */
export function perCheck<T>(of: (check: Check) => T | null | undefined): PerCheck<T> {
  return Object.fromEntries([
    ...NAME_CHECKS.map((check) => [check, of(check) ?? null]),
    ...OPTIONAL_CHECKS.map((check) => [check, of(check)]),
  ]);
}

type FindingsOf<C extends Check> = Extract<Definition, { id: C }>['findings'];

/** What a check can find; by default, what any check can. A subtype alone identifies its check. */
export type Subtype<C extends Check = Check> = C extends Check
  ? keyof FindingsOf<C> & string
  : never;

/** What each check can find, worst first. */
export const CHECK_SUBTYPES = /* @__PURE__ */ Object.fromEntries(
  CHECK_LIST.map(({ id, findings }) => [id, Object.keys(findings)]),
) as unknown as { readonly [C in Check]: readonly [Subtype<C>, ...Subtype<C>[]] };

/** All subtypes. */
export const SUBTYPES = /* @__PURE__ */ CHECKS.flatMap(
  (check): readonly Subtype[] => CHECK_SUBTYPES[check],
);

type SeverityOf<S extends Subtype> = {
  [C in Check]: S extends keyof FindingsOf<C>
    ? FindingsOf<C>[S]['severity' & keyof FindingsOf<C>[S]]
    : never;
}[Check];

/** The status that a finding gives its check. */
export const SEVERITY = /* @__PURE__ */ Object.fromEntries(
  CHECK_LIST.flatMap(({ findings }) =>
    Object.entries(findings).map(([subtype, { severity }]) => [subtype, severity]),
  ),
) as { readonly [S in Subtype]: SeverityOf<S> };

/** The status of a check by its worst finding. */
export const statusOf = (subtype: Subtype | null | undefined): Status =>
  subtype == null ? 'ok' : SEVERITY[subtype];

/** Likely causes (docs/checks.md#causes), most explanatory first. */
export type Cause = (typeof CAUSE_LIST)[number]['id'];

export const CAUSES = /* @__PURE__ */ CAUSE_LIST.map(({ id }) => id) as [Cause, ...Cause[]];
