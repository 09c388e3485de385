// The response headers policies of CloudFront: one for the page, one for the results.

import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseHeadersPolicyProps,
} from 'aws-cdk-lib/aws-cloudfront';
import { BOARDS_HEADER, DATA_HEADERS, SITE_HEADERS } from './answers.ts';

/** CloudFront has a setting of its own for each other header. */
const CUSTOM = [
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
] as const;

const policyOf = (
  comment: string,
  headers: typeof SITE_HEADERS | typeof DATA_HEADERS,
  more: Readonly<Record<string, string>> = {},
): ResponseHeadersPolicyProps => ({
  comment,
  securityHeadersBehavior: {
    contentSecurityPolicy: {
      contentSecurityPolicy: headers['content-security-policy'],
      override: true,
    },
    strictTransportSecurity: {
      accessControlMaxAge: Duration.days(730),
      // A custom domain may have subdomains that we do not control.
      includeSubdomains: false,
      override: true,
    },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
    referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
  },
  customHeadersBehavior: {
    customHeaders: [
      ...CUSTOM.map((header) => [header, headers[header]] as const),
      ...Object.entries(more),
    ].map(([header, value]) => ({ header, value, override: true })),
  },
});

export const SITE_POLICY = policyOf('Mirrorwatch: headers of the page', SITE_HEADERS);

export const dataPolicy = (hasBoards: boolean): ResponseHeadersPolicyProps => ({
  ...policyOf('Mirrorwatch: headers of the results', DATA_HEADERS, hasBoards ? BOARDS_HEADER : {}),
  corsBehavior: {
    accessControlAllowOrigins: [DATA_HEADERS['access-control-allow-origin']],
    accessControlAllowMethods: ['GET', 'HEAD'],
    accessControlAllowHeaders: ['*'],
    accessControlAllowCredentials: false,
    originOverride: true,
  },
});
