// A failed measurement on its way through somebody else's code, which knows exceptions only.

import type { Failed } from '../failure.ts';

export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
  readonly failure: Failed;
  constructor(failure: Failed) {
    super(failure.detail);
    this.failure = failure;
  }
}
