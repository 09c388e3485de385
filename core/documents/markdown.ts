// Foreign text in Markdown as GitHub reads it: no link, no mention, no markup.

/** @param text on one line; what is not to be seen is made visible before (visible.ts) */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>()+!|~&$:]/g, (sign) => `\\${sign}`)
    .replace(/www\./gi, (start) => `${start.slice(0, 3)}\\.`)
    // Escaped ones would still be a mention, an issue, an address.
    .replace(/[@#]/g, (sign) => `${sign}\u2060`);
