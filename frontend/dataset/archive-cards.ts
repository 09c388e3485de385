// What an archive may bring to a dataset's page.

import type { FunctionComponent } from 'preact';
import type { AboutArchive } from '../../core/documents/documents.ts';
import type { FindCauses } from '../../core/documents/likely-causes.ts';
import type { Row } from '../../core/documents/rows.ts';

export interface CardProps {
  readonly id: string;
  /** null when the summary could not be read. */
  readonly row: Row | null;
}

/** The parts of a dataset's page that an archive supplies. */
export interface ArchiveCards {
  /** By check. */
  readonly checks: Readonly<Record<string, FunctionComponent<CardProps>>>;
  /** Why a check of these compared nothing, by its document; null if it did or that is not known. */
  reasonOf(check: string): string | null;
  /** Below the cards. */
  readonly below: readonly FunctionComponent<CardProps>[];
  /** Loads the data that they show. */
  load(id: string, row: Row | null): Promise<unknown>;
  /** Likely causes, if no measurement writes them. */
  readonly causes?: FindCauses;
  /** What a check asks for first, for people; null if there is no such address. */
  asked?(check: string, about: AboutArchive | null, id: string): string | null;
  /** Where its operators take reports: the page of a new issue, as GitHub has it; null if unknown. */
  issues?(about: AboutArchive | null): string | null;
}
