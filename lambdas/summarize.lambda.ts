// Last function of a run: see steps/summarize.ts.

import { summarizeEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { summarizeStep } from './steps/summarize.ts';

export const handler = handlerOf(summarizeEventSchema, (tools, { run }) =>
  summarizeStep(tools, run),
);
