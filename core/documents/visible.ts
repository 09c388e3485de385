// Uploaders choose names and paths. Characters that are invisible or change the text direction
// (control characters, bidirectional overrides, zero-width characters) are shown as signs.

const CONTROL_PICTURES = 0x2400;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters it is about
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The text with invisible characters made visible: `a\nb` becomes `a␊b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
  });
}
