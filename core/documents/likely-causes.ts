// What a dataset's causes.json says, for every output that shows it.

import type { Catalogue, Cause } from './catalogue.ts';
import type { AboutArchive } from './documents.ts';
import type { Row } from './rows.ts';

/** One likely cause in one dataset. */
export interface LikelyCause {
  readonly cause: string;
  /** What was seen, one sentence each. */
  readonly evidence: readonly string[];
  /** A shell command that lets anybody see it. */
  readonly verify: string | null;
  /** A command that fixes it and needs an operator's rights. */
  readonly mend: string | null;
  /** That command was never tested. */
  readonly untested?: true;
}

/** Likely causes of what a row says, in the order of the archive's causes. */
export type FindCauses = (
  about: AboutArchive | null,
  row: Row,
  words: {
    readonly issues: ReadonlyMap<string, { readonly label: string }>;
    readonly checkById: ReadonlyMap<string, { readonly words: { readonly name: string } }>;
  },
) => readonly LikelyCause[];

/** Sentences about the variables that a command uses, and that whoever runs it has to set. */
export const variablesOf = (
  { variables }: Pick<Catalogue, 'variables'>,
  command: string,
): string[] =>
  Object.entries(variables).flatMap(([name, is]) =>
    new RegExp(`\\$${name}\\b`).test(command) ? [`$${name} is ${is}.`] : [],
  );

/** What the fixing command changes least comes first; unexplained findings last. */
export const leastChangeFirst = (
  {
    causeById,
  }: { readonly causeById: ReadonlyMap<string, Pick<Cause, 'changes' | 'unexplained'>> },
  causes: readonly LikelyCause[],
): readonly LikelyCause[] => {
  const rank = ({ cause }: LikelyCause): number => {
    const { changes = 0, unexplained } = causeById.get(cause) ?? {};
    return unexplained ? Number.MAX_VALUE : changes;
  };
  return causes.toSorted((a, b) => rank(a) - rank(b));
};
