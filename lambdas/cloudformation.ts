// The answer that CloudFormation waits for after it has called a custom resource
// (AWS CloudFormation User Guide, "Custom resource response objects").

import * as z from 'zod';

/** What CloudFormation sends for every custom resource. */
export const customResourceSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  /** Not when it is created. */
  PhysicalResourceId: z.string().optional(),
});
export type CustomResourceRequest = Omit<z.infer<typeof customResourceSchema>, 'RequestType'>;

export interface Outcome {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly reason?: string;
}

/**
 * @throws when the answer cannot be delivered: Lambda then calls again. Without an answer the stack
 *   would wait for an hour.
 */
export async function respond(request: CustomResourceRequest, outcome: Outcome): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const { PhysicalResourceId = LogicalResourceId } = request;
  const body = JSON.stringify({
    Status: outcome.status,
    // The whole answer may have 4,096 bytes.
    Reason: outcome.reason?.slice(0, 1000) ?? '',
    // The id never changes: a new one would make CloudFormation delete the old resource.
    PhysicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
  });
  const answer = await fetch(request.ResponseURL, {
    method: 'PUT',
    // The URL is signed for an empty content type.
    headers: { 'content-type': '' },
    body,
  });
  if (!answer.ok) throw new Error(`CloudFormation did not take the answer: HTTP ${answer.status}`);
}
