// One share of the check of the exports' versions: see steps/check.ts and archives/openneuro/measure/check-s3-version.ts.

import { checkS3Version } from '../archives/openneuro/measure/check-s3-version.ts';
import { checkEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { checkStep } from './steps/check.ts';

export const handler = handlerOf(checkEventSchema, (tools, event) =>
  checkStep(checkS3Version, tools, event),
);
