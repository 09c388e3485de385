// Documents of a dandiset beside those of its checks.

import * as z from 'zod';
import { type DocumentType, documentType } from '../../core/documents/document-type.ts';
import { schemaVersion } from '../../core/documents/documents.ts';
import type { Reading } from '../../core/monitor/archive.ts';
import { readOrNull } from '../../core/monitor/frame.ts';
import { embargo, time } from './checks/shapes.ts';

const versionSchema = z.object({ version: z.string(), created: time, modified: time });

const openSchema = z.object({
  created: time,
  /** Of the record; it only tells that versions may have changed. */
  recordModified: time,
  /** When the draft last changed. */
  draftModified: time,
  /** The newest published version; null if there is none. */
  published: versionSchema.nullable(),
});
/** What the list says of a dandiset that is not embargoed. */
export type OpenDandiset = z.infer<typeof openSchema>;

/** What the list of dandisets says of one of them; nothing personal. */
export const dandisetSchema = z.object({
  schemaVersion,
  embargo,
  /** Null for one that is embargoed: nothing of it is published. */
  open: openSchema.nullable(),
});
export type DandisetDocument = z.infer<typeof dandisetSchema>;

export const dandisetPath = (id: string): string => `datasets/${id}/dandiset.json`;

export const readListed = (context: Reading, id: string): Promise<DandisetDocument | null> =>
  readOrNull<DandisetDocument>(context, dandisetPath(id));

export const OWN_DOCUMENTS: Readonly<Record<string, DocumentType>> = {
  dandiset: documentType({
    path: dandisetPath('{id}'),
    title: 'A dandiset as the list of dandisets shows it',
    schema: dandisetSchema,
  }),
};
