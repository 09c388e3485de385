// A dataset's title, which its uploader writes: it goes into documents, tables and mails, one line of each.

/** Characters that a title keeps. The longest that a person would write are some 250. */
const MAX_CHARACTERS = 300;
/** What comes behind is not looked at, however long it is. */
const MAX_UNITS = 4 * MAX_CHARACTERS;
/** Controls, ends of lines, and halves of characters, which are no text at all. */
const NO_TEXT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** The title on one line, cut where it is too long. Done twice it is the same. */
export function titleOf(text: string): string {
  const line = text.slice(0, MAX_UNITS).replace(NO_TEXT, ' ').trim();
  const characters = Array.from(line);
  if (characters.length <= MAX_CHARACTERS && text.length <= MAX_UNITS) return line;
  return `${characters
    .slice(0, MAX_CHARACTERS - 1)
    .join('')
    .trimEnd()}…`;
}
