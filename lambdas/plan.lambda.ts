// Divides the measurements of a later level into shards: see steps/plan.ts.

import { planEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { planStep } from './steps/plan.ts';

export const handler = handlerOf(planEventSchema, (tools, event) => planStep(tools, event));
