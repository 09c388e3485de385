// What can go wrong without a bug, said in one line that tells what to do.

/** An expected failure: its message is all that the user needs to see. */
export class Problem extends Error {
  override readonly name = 'Problem';
}
