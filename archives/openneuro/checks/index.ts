// The checks of a dataset, in the order they are shown, and those of the archive as a whole.

import { annexRecord } from './annex-record.ts';
import { deprecated } from './deprecated.ts';
import { doi } from './doi.ts';
import { github } from './github.ts';
import { leftovers } from './leftovers.ts';
import { access } from './s3-access.ts';
import { s3Content } from './s3-content.ts';
import { s3Files } from './s3-files.ts';
import { s3Version } from './s3-version.ts';

export const CHECK_LIST = [
  github,
  s3Version,
  s3Files,
  s3Content,
  access,
  annexRecord,
  doi,
  deprecated,
] as const;

export const WHOLE_CHECKS = [leftovers] as const;
