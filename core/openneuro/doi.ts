// Which version an export says it is: the DOI in its dataset_description.json (checks.md section 4).

import { datasetIdSchema, tagSchema } from '../model/documents.ts';

export type ReadDescription =
  | {
      readonly kind: 'doi';
      /** The field as it is, for people. */
      readonly doi: string;
      readonly version: string;
      /** The other dataset that the DOI names; null when it names this one. */
      readonly doiDatasetId: string | null;
    }
  | { readonly kind: 'no-doi'; readonly doi: string | null }
  | { readonly kind: 'invalid-json' };

/** The field is an uploader's text and goes into documents and the page: a DOI is far shorter. */
const MAX_DOI_LENGTH = 512;

/**
 * A DOI is the same in any case (ISO 26324). The version ends where no tag could go on; the bounds
 * are above what an id or a tag may be, so that hostile text costs no time.
 */
const OPENNEURO_DOI = /(?<![0-9])10\.18112\/openneuro\.([a-z0-9_-]{1,80})\.v([a-z0-9._-]{1,80})/gi;

/** What may follow a DOI in a sentence or a link. Anything else makes it another, or a crafted one. */
const AFTER_DOI = /^(?:$|\/$|[\s,;)\]}>"'?#])/;

/**
 * Reads the description of `datasetId`. Its DOI may stand anywhere in the field, as URL or after
 * `doi:`; where there are several, one of this dataset goes before one of another.
 */
export function readDescription(body: Buffer, datasetId: string): ReadDescription {
  let description: unknown;
  try {
    // Not fatal: a name in Latin-1 among the authors hides no DOI. Drops a byte order mark.
    description = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return { kind: 'invalid-json' };
  }
  const field = datasetDoi(description);
  if (field === null) return { kind: 'no-doi', doi: null };

  const doi = field.slice(0, MAX_DOI_LENGTH).toWellFormed();
  const named = findVersions(field);
  const own = named.find((one) => one.id.toLowerCase() === datasetId.toLowerCase());
  if (own) return { kind: 'doi', doi, version: own.version, doiDatasetId: null };
  const [other] = named;
  if (other) return { kind: 'doi', doi, version: other.version, doiDatasetId: other.id };
  return { kind: 'no-doi', doi };
}

/** The field where there is one with text in it. */
function datasetDoi(description: unknown): string | null {
  if (typeof description !== 'object' || description === null) return null;
  const field = (description as { DatasetDOI?: unknown }).DatasetDOI;
  return typeof field === 'string' && field !== '' ? field : null;
}

function findVersions(field: string): { id: string; version: string }[] {
  const found: { id: string; version: string }[] = [];
  for (const match of field.matchAll(OPENNEURO_DOI)) {
    const [whole, id = '', tail = ''] = match;
    // The full stop that ends a sentence belongs to no version.
    const version = tail.replace(/\.+$/, '');
    if (!AFTER_DOI.test(field.slice(match.index + whole.length))) continue;
    if (!datasetIdSchema.safeParse(id).success || !tagSchema.safeParse(version).success) continue;
    found.push({ id, version });
  }
  return found;
}
