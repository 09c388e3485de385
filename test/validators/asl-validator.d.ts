// The package has no types.

declare module 'asl-validator' {
  /** Reads the definition and may add defaults to it. */
  export default function validate(definition: object): {
    readonly isValid: boolean;
    readonly errors: readonly object[];
  };
}
