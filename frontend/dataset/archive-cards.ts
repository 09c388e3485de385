// What an archive may bring to a dataset's page.

import type { FunctionComponent } from 'preact';
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
  /** Below the cards. */
  readonly below: readonly FunctionComponent<CardProps>[];
  /** Loads the data that they show. */
  load(id: string, row: Row | null): Promise<unknown>;
}
