// A request's body as JSON, read more strictly than JSON.parse does: two keys of one name would be
// read differently by different readers.

const DEEPEST = 16;

/** Tokens of a text that is known to be JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;

/** @returns the object, or a sentence that says what is wrong and repeats none of the text */
export function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | string {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    return 'The body is not JSON.';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'The body is not a JSON object.';
  }
  return faultIn(text) ?? (value as Record<string, unknown>);
}

function faultIn(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, isKey] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (isKey !== undefined) {
      const keys = open.at(-1) as Set<string>;
      const key = JSON.parse(token.slice(0, -isKey.length)) as string;
      if (keys.has(key)) return 'The body has a key twice.';
      keys.add(key);
    }
    if (open.length > DEEPEST) return `The body is nested more than ${DEEPEST} levels deep.`;
  }
  return undefined;
}
