// One share of the check of the mirrors: see steps/check.ts and archives/openneuro/measure/check-github.ts.

import { checkGithub } from '../archives/openneuro/measure/check-github.ts';
import { checkEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { checkStep } from './steps/check.ts';

export const handler = handlerOf(checkEventSchema, (tools, event) =>
  checkStep(checkGithub, tools, event),
);
