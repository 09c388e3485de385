// The security headers of every CloudFront answer (docs/architecture.md).

import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseHeadersPolicyProps,
} from 'aws-cdk-lib/aws-cloudfront';

/** Everything comes from the site itself; only files of the site are run. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Browser features that a table of datasets never needs. */
const PERMISSIONS_POLICY = [
  'accelerometer',
  'camera',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

export const RESPONSE_HEADERS: ResponseHeadersPolicyProps = {
  comment: 'Mirrorwatch: security headers',
  securityHeadersBehavior: {
    contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true },
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
      { header: 'permissions-policy', value: PERMISSIONS_POLICY, override: true },
      { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
    ],
  },
};
