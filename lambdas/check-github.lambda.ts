// One share of the check of the mirrors: see steps/check.ts and core/stages/check-github.ts.

import { checkGithub } from '../core/stages/check-github.ts';
import { checkEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { checkStep } from './steps/check.ts';

export const handler = handlerOf(checkEventSchema, (tools, event) =>
  checkStep(checkGithub, tools, event),
);
