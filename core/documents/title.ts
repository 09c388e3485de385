// A dataset's title. Its uploader writes it; in documents, tables and mails it must be one line.

/** Characters that a title keeps. The longest that a person would write are some 250. */
const MAX_CHARACTERS = 300;
/** Later characters are not looked at, however many there are. */
const MAX_UNITS = 4 * MAX_CHARACTERS;
/** Controls, ends of lines, and halves of characters, which are no text at all. */
const NO_TEXT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** The title on one line, cut where it is too long. Applying it twice changes nothing more. */
export function titleOf(text: string): string {
  const line = text.slice(0, MAX_UNITS).replace(NO_TEXT, ' ').trim();
  const characters = Array.from(line);
  if (characters.length <= MAX_CHARACTERS && text.length <= MAX_UNITS) return line;
  return `${characters
    .slice(0, MAX_CHARACTERS - 1)
    .join('')
    .trimEnd()}…`;
}
