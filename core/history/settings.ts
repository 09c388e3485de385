// What can be set of badges and messages. This file imports nothing, so that a command's help is
// immediate.

/** Left half of the badges. */
export const DEFAULT_LABEL = 'copies';
/** What a badge has room for. */
export const LABEL = /^(?=.*\S)\P{C}{1,40}$/u;

/** The least status that is told. */
export const NOTIFY_FROM = ['error', 'version-mismatch', 'warning'] as const;
export type NotifyFrom = (typeof NOTIFY_FROM)[number];
export const DEFAULT_FROM: NotifyFrom = 'version-mismatch';

/** How often all that changed is told. */
export const DIGESTS = ['off', 'daily', 'weekly'] as const;
export type Digest = (typeof DIGESTS)[number];
