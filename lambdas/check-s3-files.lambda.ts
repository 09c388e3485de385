// One share of the check of the exports' files: see steps/check.ts and archives/openneuro/measure/check-s3-files.ts.

import { checkS3Files } from '../archives/openneuro/measure/check-s3-files.ts';
import { checkEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { checkStep } from './steps/check.ts';

export const handler = handlerOf(checkEventSchema, (tools, event) =>
  checkStep(checkS3Files, tools, event),
);
