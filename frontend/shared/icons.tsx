// The signs of the page, drawn here so that nothing is fetched for them. Each status has its own
// shape, so that it is clear without colour; its word always stands beside it or is its label.

import type { Status } from '../../core/documents/vocabulary.ts';

const SHAPES = {
  ok: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM5.2 8.2l2 2 3.8-4.2',
  error: 'M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4ZM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2',
  'version-mismatch': 'M8 1.2 14.8 8 8 14.8 1.2 8ZM5.6 6.8h4.8M5.6 9.2h4.8M9.2 5.2 6.8 10.8',
  warning: 'M8 2 14.6 13.6H1.4ZM8 6.2v3.6M8 11.4v.6',
  pending: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 4.8V8l2.4 1.6',
  lock: 'M3.2 7.2h9.6v6.6H3.2ZM5.2 7.2V5a2.8 2.8 0 0 1 5.6 0v2.2M8 9.8v1.6',
  unverified: 'M5.6 6a2.4 2.4 0 1 1 3.5 2.1c-.8.4-1.1.8-1.1 1.6M8 11.9v.5',
  search: 'M7 2.4a4.6 4.6 0 1 0 0 9.2A4.6 4.6 0 0 0 7 2.4ZM10.4 10.4l3.4 3.4',
  away: 'M6.4 3.2H3v9.8h9.8V9.6M9 2.6h4.4V7M13.2 2.8 7.4 8.6',
  folder: 'M1.8 3.4h4.4l1.4 1.8h6.6v7.6H1.8Z',
  open: 'M3.6 6l4.4 4.4L12.4 6',
  shut: 'M6 3.6 10.4 8 6 12.4',
  up: 'M8 13V3.4M4.2 7 8 3.2 11.8 7',
  down: 'M8 3v9.6M4.2 9 8 12.8 11.8 9',
  light:
    'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1',
  dark: 'M13.2 9.6A5.8 5.8 0 0 1 6.4 2.8a5.8 5.8 0 1 0 6.8 6.8Z',
  system: 'M1.8 2.8h12.4v8H1.8ZM5.4 13.6h5.2M8 10.8v2.8',
  close: 'M4 4l8 8M12 4l-8 8',
} as const satisfies Record<Status | string, string>;

export type Sign = keyof typeof SHAPES;

/** A sign; without a label it is decoration beside its word. */
export function Icon({ sign, label }: { sign: Sign; label?: string }) {
  return (
    <svg
      class={`icon ${sign}`}
      viewBox="0 0 16 16"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : 'true'}
    >
      <path d={SHAPES[sign]} />
    </svg>
  );
}
