// The hourly look at what changed: see steps/watch.ts.

import { watchEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { watchStep } from './steps/watch.ts';

export const handler = handlerOf(watchEventSchema, (tools, { run }) => watchStep(tools, run));
