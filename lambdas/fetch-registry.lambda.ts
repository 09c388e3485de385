// First function of a run: see steps/fetch-registry.ts.

import { fetchRegistryEventSchema } from './contract.ts';
import { handlerOf } from './invocation.ts';
import { fetchRegistryStep } from './steps/fetch-registry.ts';

export const handler = handlerOf(fetchRegistryEventSchema, fetchRegistryStep);
