// Hostile text made visible, on the page and in what is copied from it.

export { visible } from '../../core/documents/visible.ts';

/**
 * A path as one line of text to copy. As in git (core.quotePath), a path with control characters, a
 * quote or a backslash becomes a C string in double quotes.
 */
export function pathLine(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters it is about
  if (!/[\u0000-\u001f\u007f"\\]/.test(path)) return path;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters it is about
  const quoted = path.replace(/[\u0000-\u001f\u007f"\\]/g, (character) => {
    const known: Record<string, string> = { '\n': 'n', '\t': 't', '\r': 'r', '"': '"', '\\': '\\' };
    return `\\${known[character] ?? character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${quoted}"`;
}
