// The paths of OpenNeuro's documents (docs/checks.md#documents).

import { checkPath } from '../../core/documents/paths.ts';
import { annexRecord } from './checks/annex-record.ts';
import { github } from './checks/github.ts';
import { leftovers } from './checks/leftovers.ts';
import { access } from './checks/s3-access.ts';
import { s3Content as content } from './checks/s3-content.ts';
import { s3Files as files } from './checks/s3-files.ts';
import { s3Version as version } from './checks/s3-version.ts';

export const LEFTOVERS_PATH = checkPath(leftovers, '');

export const snapshotsPath = (id: string) => `datasets/${id}/snapshots.json`;
export const metadataPath = (id: string, tag: string) =>
  `datasets/${id}/snapshots/${tag}/metadata.json`;
export const filesPath = (id: string, tag: string) => `datasets/${id}/snapshots/${tag}/files.json`;

export const githubPath = (id: string) => checkPath(github, id);
export const versionPath = (id: string) => checkPath(version, id);
export const diffPath = (id: string) => checkPath(files, id);
export const contentPath = (id: string) => checkPath(content, id);
export const accessPath = (id: string) => checkPath(access, id);
export const annexRecordPath = (id: string) => checkPath(annexRecord, id);
