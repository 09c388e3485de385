// Which version an export claims: the DOI in its dataset_description.json (docs/checks.md#version).

import { isDatasetId, isTag } from '../../core/ids.ts';
import { plainText } from './plain-text.ts';
import { isVersion } from './version-order.ts';

export type ReadDoi =
  | {
      readonly kind: 'doi';
      /** The field as it is, for people. */
      readonly doi: string;
      /** As the DOI writes it; `tagOfVersion` returns the tag that it means. */
      readonly version: string;
      /** The other dataset that the DOI names; null when it names this one. */
      readonly doiDatasetId: string | null;
    }
  | { readonly kind: 'no-doi'; readonly doi: string | null };

export type ReadDescription = ReadDoi | { readonly kind: 'invalid-json' };

/** The field is an uploader's text and goes into documents and the page: a DOI is far shorter. */
const MAX_DOI_LENGTH = 512;

/**
 * DOIs ignore case (ISO 26324). The version ends at the first character that no tag may have. The
 * bounds are above those of an id or a tag, so that hostile text costs no time. The `v` may be
 * missing before a number.
 */
const DOI = String.raw`10\.18112/openneuro\.([a-z0-9_-]{1,80})\.(?:v|(?=[0-9]))([a-z0-9._-]{1,80})`;
const ANYWHERE = new RegExp(`(?<![0-9])${DOI}`, 'gi');
const NOTHING_ELSE = new RegExp(
  String.raw`^(?:doi:|https?://(?:dx\.|www\.)?doi\.org/)*${DOI}/*$`,
  'i',
);

/**
 * What may follow a DOI in a sentence, a link or markup. Letters, digits, escapes and joining signs
 * make it another DOI; text after a slash makes it a path.
 */
const AFTER_DOI = /\/*(?:$|[\s\p{Ps}\p{Pe}\p{Pi}\p{Pf},;:!?#&*|`"'<>、。…–—])/uy;

/** Reads the description of `datasetId`. */
export function readDescription(body: Buffer, datasetId: string): ReadDescription {
  let description: unknown;
  try {
    // Not fatal: a Latin-1 name among the authors hides no DOI. Drops a byte order mark.
    description = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return { kind: 'invalid-json' };
  }
  return readDoi(datasetDoi(description), datasetId);
}

/**
 * Reads the field of `datasetId`. Its DOI may be anywhere in it, as a URL or after `doi:`. If there
 * are several, one of this dataset is preferred.
 */
export function readDoi(field: string | null, datasetId: string): ReadDoi {
  if (field === null) return { kind: 'no-doi', doi: null };
  const doi = field.slice(0, MAX_DOI_LENGTH).toWellFormed();
  const named = findVersions(plainText(field));
  const own = named.find((one) => one.id.toLowerCase() === datasetId.toLowerCase());
  if (own) return { kind: 'doi', doi, version: own.version, doiDatasetId: null };
  const [other] = named;
  if (other) return { kind: 'doi', doi, version: other.version, doiDatasetId: other.id };
  return { kind: 'no-doi', doi };
}

/** Whether a kept field is the whole field, so that reading it again gives the same. */
export function isWholeField(doi: string | null): boolean {
  return doi === null || doi.length < MAX_DOI_LENGTH;
}

/** The text of the field; a list counts as its texts joined. */
function datasetDoi(description: unknown): string | null {
  if (typeof description !== 'object' || description === null) return null;
  const { DatasetDOI: field } = description as { DatasetDOI?: unknown };
  const texts = (Array.isArray(field) ? field : [field]).filter((one) => typeof one === 'string');
  return texts.join(' ') || null;
}

interface NamedVersion {
  readonly id: string;
  readonly version: string;
}

function findVersions(text: string): NamedVersion[] {
  const found = [...text.matchAll(ANYWHERE)].flatMap((match) => {
    AFTER_DOI.lastIndex = match.index + match[0].length;
    return AFTER_DOI.test(text) ? namedBy(match) : [];
  });
  if (found.length > 0) return found;
  // A DOI holds no white space: a text that is one DOI without it (a broken line) is that DOI.
  const match = NOTHING_ELSE.exec(text.replace(/\s+/g, ''));
  return match === null ? [] : namedBy(match).filter(({ version }) => isVersion(version));
}

function namedBy([, id = '', tail = '']: RegExpMatchArray): NamedVersion[] {
  // A full stop at the end of a sentence, or a sign of emphasis, belongs to no version.
  const version = tail.replace(/[._-]{1,80}$/, '');
  const valid = isDatasetId(id) && isTag(version);
  return valid ? [{ id, version }] : [];
}
