// Called by EventBridge when an execution did not succeed: see steps/record-end.ts.

import { endEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { recordEndStep } from './steps/record-end.ts';

export const handler = handlerOf(endEventSchema, recordEndStep);
