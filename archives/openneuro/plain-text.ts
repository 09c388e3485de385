// A text as a reader means it, without the disguises of forms, links and word processors: HTML
// entities, percent-encoding, full-width letters, invisible characters. The result is only for
// matching; the text is shown and kept as it is. Each step takes time in proportion to the text.

/** The named entities that may be in or around an address; all others are written as numbers. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  colon: ':',
  gt: '>',
  lt: '<',
  nbsp: ' ',
  period: '.',
  quot: '"',
  shy: '',
  sol: '/',
  zerowidthspace: '',
};
const ENTITY = /&(?:#([0-9]{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,14}));/gi;

/** RFC 3986, 2.1. A run is matched as one: the bytes of one letter follow each other. */
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const ASCII_ESCAPE = /%([0-7][0-9a-f])/gi;

/** ASCII letters and signs in the width of a Chinese character (Unicode, FF01 to FF5E). */
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const WIDTH_OFFSET = 0xff01 - 0x21;

/** Controls, format characters, selectors; not white space, which ends words. */
const UNSEEN = /(?!\s)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]|\ufeff/gu;

/** Decoded once: an escape that remains was meant as text. */
export function plainText(text: string): string {
  return text
    .replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      return character(Number.parseInt(decimal ?? hex ?? '', decimal ? 10 : 16)) ?? whole;
    })
    .replace(ESCAPES, decodeEscapes)
    .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - WIDTH_OFFSET))
    .replace(UNSEEN, '');
}

function character(codePoint: number): string | null {
  const isOne = codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
  return isOne ? String.fromCodePoint(codePoint) : null;
}

/** In a run that is not UTF-8, the bytes that belong to no letter are still certain. */
function decodeEscapes(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run.replace(ASCII_ESCAPE, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}
