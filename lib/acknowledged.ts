export function acknowledge(_: object): void {}
