// An expected failure, as one line that says what to do.

/** An expected failure: its message is all that the user needs to see. */
export class Problem extends Error {
  override readonly name = 'Problem';
}
