// A hash of a text, evenly spread and the same on every machine, to choose some of many.

/** The offset basis of FNV-1a for 32 bits. */
const BASIS = 0x811c9dc5;

/** FNV-1a over the UTF-16 units of a text. @param seed hash of other texts, to include them */
export function spread(text: string, seed = BASIS): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
