// What may name an entry, a version, a commit and an instant, in documents, paths and addresses.

import * as z from 'zod';
import { DATASET_ID } from './dataset-id.ts';

const TAG = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,63}$/;

export const datasetIdSchema = z.string().regex(DATASET_ID);
export const isDatasetId = (text: string): boolean => DATASET_ID.test(text);
/** What a snapshot's tag, and so a version, may be: it becomes a folder name. */
export const tagSchema = z.string().regex(TAG);
export const isTag = (text: string): boolean => TAG.test(text);
export const shaSchema = z.string().regex(/^[0-9a-f]{40}$/);
/** ISO 8601 in UTC. */
export const instantSchema = z.iso.datetime();
