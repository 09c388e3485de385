// Commands to copy into a POSIX shell. Ids, tags and paths are hostile text: each becomes one word,
// whatever it holds.

/** One word of a command (POSIX, Shell Command Language, 2.2.2). */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What a terminal might take for a key press, or show as something else. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{fffd}]/u;

/** Whether a text may be in a command that people paste: quotes do not help against a terminal. */
export function isPastable(text: string): boolean {
  return text.length <= 1024 && !UNFIT.test(text);
}

/** For a repository that does not exist, the server asks for a name and a password. */
export const ASKS_NOBODY = 'GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=';
/** Credentials from a helper are not sent either: public data needs none. */
export const ANONYMOUS_GIT = `${ASKS_NOBODY} git -c credential.helper=`;
