// What may name an entry, a version, a commit and an instant, in documents, paths and addresses alike.

import * as z from 'zod';

/** Safe in a path and a URL; an archive's own pattern is its own. */
export const DATASET_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const TAG = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,63}$/;

export const datasetIdSchema = z.string().regex(DATASET_ID);
export const isDatasetId = (text: string): boolean => DATASET_ID.test(text);
/** What a snapshot's tag, and so a version, may be: it becomes a folder name. */
export const tagSchema = z.string().regex(TAG);
export const isTag = (text: string): boolean => TAG.test(text);
export const shaSchema = z.string().regex(/^[0-9a-f]{40}$/);
/** ISO 8601 in UTC. */
export const instantSchema = z.iso.datetime();
