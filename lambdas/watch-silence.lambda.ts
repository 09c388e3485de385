// Called twice a day where runs are too rare for CloudWatch to count them.

import * as z from 'zod';
import { handlerOf } from './invocation.ts';
import { watchSilenceStep } from './steps/watch-silence.ts';

export const handler = handlerOf(z.object({}), watchSilenceStep);
