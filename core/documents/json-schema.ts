// The documents' schemas for readers in other languages: JSON Schema 2020-12, made from the zod
// schemas so that the two cannot say different things.

import * as z from 'zod';
import { CHECK_LIST } from '../../archives/openneuro/checks/index.ts';
import { type CheckKind, DOCUMENT_SCHEMAS, type DocumentKind } from './paths.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

const TITLES: Readonly<Record<DocumentKind, string>> = {
  registry: 'Datasets of the registry and their latest snapshots (datasets-registry.json)',
  summary: 'One row for each dataset (all-datasets.json)',
  compact: 'The summary as columns, without names (summary.json, summary-2.json …)',
  names: 'Names of the datasets (names.json)',
  status: 'The last run and what is published (status.json)',
  timestamps: 'When each dataset was last measured well (timestamps/{check}.json)',
  snapshots: 'Tags of a dataset in order of creation (datasets/{id}/snapshots.json)',
  metadata: 'A snapshot (datasets/{id}/snapshots/{tag}/metadata.json)',
  files: 'Paths of a snapshot (datasets/{id}/snapshots/{tag}/files.json)',
  ...(Object.fromEntries(
    CHECK_LIST.map(({ file, title }) => [file, `${title} (datasets/{id}/${file}.json)`]),
  ) as Record<CheckKind, string>),
  causes: 'Likely causes and how to fix them (datasets/{id}/causes.json)',
  leftovers: 'Copies of datasets that are not public (leftovers.json)',
};

/** File name below schema/ and text, for every kind of document. */
export function jsonSchemas(): [name: string, text: string][] {
  return Object.entries(DOCUMENT_SCHEMAS).map(([kind, schema]) => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
    const title = `${TITLES[kind as DocumentKind]}, schema ${SCHEMA_VERSION}`;
    return [`${kind}.schema.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
  });
}
