// What both requests to a git server share.

/** Servers log it. The HTTP client's User-Agent names a contact. */
export const AGENT = 'agent=mirrorwatch';

/** A SHA-1 object id as git writes it. */
export function isOid(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{40}$/.test(text);
}
