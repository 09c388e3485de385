/** An error as the SDK throws it: identified by its name, or by the status of the answer. */
export function awsError(name: string, httpStatusCode: number, message = name): Error {
  // Most are ordinary answers (304, 404), and the stack trace tells nothing.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error(message);
  Error.stackTraceLimit = stackTraceLimit;
  return Object.assign(error, { name, $metadata: { httpStatusCode } });
}

/** Unknown parameters may be conditions, so the fake must not ignore them. */
export function refuseUnknown(input: object, known: readonly string[]): void {
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`the fake does not know ${unknown.join(', ')}`);
}
