/** An error as the SDK throws it: known by its name, or by the status of the answer. */
export function awsError(name: string, httpStatusCode: number, message = name): Error {
  // Most are answers like any other (304, 404), and where they were made tells nothing.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error(message);
  Error.stackTraceLimit = stackTraceLimit;
  return Object.assign(error, { name, $metadata: { httpStatusCode } });
}

/** Parameters that the fake knows nothing about may be conditions: it must not ignore them. */
export function refuseUnknown(input: object, known: readonly string[]): void {
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`the fake does not know ${unknown.join(', ')}`);
}
