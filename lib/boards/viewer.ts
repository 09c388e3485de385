// The CloudFront Function before the API of boards. Maintenance is refused here, and by the function
// behind it once more. CloudFront replaces `Authorization` by its signature, so the edit key goes on
// in a header of ours; so does who asks, which the function would not learn.

import { isMaintenance } from '../../boards/routes.ts';
import { VIEWER_HEADERS } from '../../lambdas/names.ts';

const { address, authorization } = VIEWER_HEADERS;

/** JavaScript of CloudFront's runtime 2.0. */
export const VIEWER_CODE = `
const isMaintenance = ${isMaintenance.toString()};
function handler(event) {
  const request = event.request;
  if (isMaintenance(request.uri)) {
    return { statusCode: 403, statusDescription: 'Forbidden' };
  }
  const headers = request.headers;
  const key = headers.authorization;
  delete headers.authorization;
  delete headers['${authorization}'];
  if (key) headers['${authorization}'] = { value: key.value };
  headers['${address}'] = { value: event.viewer.ip };
  return request;
}
`.trim();
