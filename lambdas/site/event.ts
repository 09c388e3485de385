// What CloudFormation sends for the custom resource that lib/website/ declares.

import * as z from 'zod';
import { customResourceSchema } from '../cloudformation.ts';

export const publishEventSchema = customResourceSchema.extend({
  ResourceProperties: z.object({ Bucket: z.string().min(3), Build: z.string() }),
  /** In updates only. Stacks deployed before builds were recorded have neither. */
  OldResourceProperties: z
    .object({ Build: z.string().optional(), Paths: z.array(z.string()).optional() })
    .optional(),
});
export type PublishEvent = z.infer<typeof publishEventSchema>;

/**
 * Undefined when unknown: for the first build, and for a repeated build, whose predecessor
 * CloudFormation does not pass.
 */
export function pathsOfLastBuild({
  ResourceProperties: now,
  OldResourceProperties: old,
}: PublishEvent): readonly string[] | undefined {
  return old?.Build === now.Build ? undefined : old?.Paths;
}
