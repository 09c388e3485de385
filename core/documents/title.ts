// A dataset's title. Its uploader writes it; documents, tables and mails need it on one line.

/** Maximum length of a title. The longest that a person would write has some 250 characters. */
const MAX_CHARACTERS = 300;
/** Later characters are ignored, whatever their number. */
const MAX_UNITS = 4 * MAX_CHARACTERS;
/** Control characters, line ends, and halves of characters, which are not text. */
const NO_TEXT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** The title on one line, cut if it is too long. Applying it twice changes nothing more. */
export function titleOf(text: string): string {
  const line = text.slice(0, MAX_UNITS).replace(NO_TEXT, ' ').trim();
  const characters = Array.from(line);
  if (characters.length <= MAX_CHARACTERS && text.length <= MAX_UNITS) return line;
  return `${characters
    .slice(0, MAX_CHARACTERS - 1)
    .join('')
    .trimEnd()}…`;
}
