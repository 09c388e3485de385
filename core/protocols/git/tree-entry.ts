// One entry of a tree object (`mode SP name NUL id`), read in place.

const SPACE = 0x20;
const ZERO = 0x30;
const SEVEN = 0x37;
/** The mode of an entry that is itself a tree. */
export const FOLDER = 0o040000;
const KIND = 0o170000;
const OWNER_MAY_RUN = 0o100;

/** Offsets of the parts of an entry in its tree. */
export interface EntryPlace {
  readonly mode: number;
  readonly name: number;
  /** The end of the name. The 20 bytes of the object id follow it. */
  readonly nul: number;
  /** The end of the id, where the next entry starts. */
  readonly next: number;
}

/** Undefined if there is no whole entry of a known kind. */
export function placeAt(tree: Buffer, start: number): EntryPlace | undefined {
  let mode = 0;
  let at = start;
  for (let digit = tree[at]; digit !== SPACE; digit = tree[++at]) {
    // Old writers pad a folder's mode to six digits. No mode is longer.
    if (digit === undefined || digit < ZERO || digit > SEVEN || at - start === 6) return undefined;
    mode = mode * 8 + (digit - ZERO);
  }
  // Names are short: a loop finds the NUL faster than Buffer.indexOf.
  let nul = at + 1;
  while (nul < tree.length && tree[nul] !== 0) nul++;
  const canonical = canonicalMode(mode);
  if (nul + 21 > tree.length || canonical === undefined) return undefined;
  return { mode: canonical, name: at + 1, nul, next: nul + 21 };
}

/** As git reads modes: of a file's permissions only "executable" counts (100664 is 100644). */
function canonicalMode(mode: number): number | undefined {
  switch (mode & KIND) {
    case 0o100000:
      return mode & OWNER_MAY_RUN ? 0o100755 : 0o100644;
    case FOLDER:
    case 0o120000:
    case 0o160000:
      return mode & KIND;
    default:
      return undefined;
  }
}
