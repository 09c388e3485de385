// What both requests to a git server share.

/** Servers log it; the HTTP client's User-Agent says whom to write to. */
export const AGENT = 'agent=mirrorwatch';

/** A SHA-1 object id as git writes it. */
export function isOid(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{40}$/.test(text);
}
