// Carries a failed measurement through a library that only knows exceptions.

import type { Failed } from '../failure.ts';

export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
  readonly failure: Failed;
  constructor(failure: Failed) {
    super(failure.detail);
    this.failure = failure;
  }
}
