// For Stryker: keeps the text of failures unchanged; their occurrence and reason are still mutated.

/** The used part of a Babel tree node and its place in its parent. */
interface Path {
  readonly key: unknown;
  readonly listKey?: string;
  readonly parent?: { readonly type: string; readonly callee?: Callee };
}
interface Callee {
  readonly name?: string;
  readonly property?: { readonly name?: string };
}

/** The argument that is the message. */
const MESSAGE: Readonly<Record<string, number>> = {
  failed: 1,
  GitFault: 1,
  StoredDocumentError: 1,
  malformed: 0,
  cutShort: 0,
  fault: 0,
};

function shouldIgnore({ key, listKey, parent }: Path): string | undefined {
  const name = parent?.callee?.name ?? parent?.callee?.property?.name ?? '';
  const at = MESSAGE[name] ?? (/(?:Error|Fault)$/.test(name) ? 0 : undefined);
  return listKey === 'arguments' && key === at ? 'a message' : undefined;
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'messages', value: { shouldIgnore } }];
