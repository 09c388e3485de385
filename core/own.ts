// Records are keyed by names of an uploader's (tags, branches): `constructor` must not be found in one.

export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
