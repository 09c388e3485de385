// Makes one share of the measurement that the environment names: see steps/check.ts and
// core/monitor/archive.ts.

import { checkEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { checkStep } from './steps/check.ts';

export const handler = handlerOf(checkEventSchema, (tools, event) => checkStep(tools, event));
