// What CloudFront and `serve` answer alike: headers, and the page for a wrong address. This file
// imports nothing, so any module may import it. HSTS is CloudFront's alone: it must not be sent over
// plain HTTP (RFC 6797, §7.2).

/** The page for a wrong address. It is shown at any depth, so its links begin with `/`. */
export const NOT_FOUND_PAGE = '404.html';

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

const EVERYWHERE = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': PERMISSIONS_POLICY,
  'cross-origin-opener-policy': 'same-origin',
} as const;

export const SITE_HEADERS = {
  ...EVERYWHERE,
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The results are public: notebooks and pages of others may read them. */
export const DATA_HEADERS = {
  ...EVERYWHERE,
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
} as const;

/** With the results, where there are boards: the page then asks their API (frontend/shared/load.ts). */
export const BOARDS_HEADER = { link: '</api/openapi.json>; rel="service-desc"' } as const;
