// The documents of OpenNeuro's tree by the names that tests use.

import type * as z from 'zod';
import { CHECK_TYPES, DOCUMENT_TYPES } from '../../archives/openneuro/document-types.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import type { Check } from '../../archives/openneuro/vocabulary.ts';
import type { DocumentType } from '../../core/documents/document-type.ts';
import * as paths from '../../core/documents/paths.ts';
import { coreTypes, documentsOf, type Parsed, rootTypes } from '../../core/documents/tree.ts';
import {
  type TreeReader,
  type ValidateOptions,
  validateTree as validateTreeOf,
} from '../../core/documents/validate.ts';
import { checkOf } from '../../core/monitor/check.ts';
import { storedDocuments } from '../../core/monitor/stored-document.ts';

const TYPES = { ...coreTypes(openneuro), ...rootTypes, ...CHECK_TYPES, ...DOCUMENT_TYPES };

export type DocumentKind = keyof typeof TYPES;
export type DocumentOf<K extends DocumentKind> = K extends 'summary'
  ? Summary
  : z.infer<(typeof TYPES)[K]['schema']>;

export const documents = documentsOf(openneuro);
export const { placeOf } = documents;
export const documentKind = (path: string) => placeOf(path)?.kind as DocumentKind | undefined;
export const DOCUMENT_SCHEMAS = Object.fromEntries(
  Array.from(documents.types, ([kind, { schema }]: [string, DocumentType]) => [kind, schema]),
) as { readonly [K in DocumentKind]: (typeof TYPES)[K]['schema'] };
export const parseAs = <K extends DocumentKind>(kind: K, input: unknown) =>
  documents.parse(kind, input) as Parsed<DocumentOf<K>>;
export const validateTree = (reader: TreeReader, options?: ValidateOptions) =>
  validateTreeOf(reader, openneuro, options);

export const checkPath = (check: Check, id: string) =>
  paths.checkPath(checkOf(openneuro, check), id);
export const timesPath = (check: Check) => paths.timesPath(checkOf(openneuro, check));

export const { encode: encodeStored, decode: decodeStored } = storedDocuments(openneuro);
