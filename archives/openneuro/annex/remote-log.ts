// `remote.log` of a git-annex branch: the special remotes and how they are configured.

import { newestByUuid } from '../../../core/protocols/git/annex-log.ts';

export interface SpecialRemote {
  /** The uuid that the other logs use; two ways to one store (`sameas`) have one uuid. */
  readonly uuid: string;
  /** Its name; empty if the line has none. */
  readonly name: string;
  /** `name`, `bucket`, `type`, `fileprefix`, … as last configured. */
  readonly config: ReadonlyMap<string, string>;
}

/** Every remote that was ever set up, dead ones too: `trust.log` lists the dead ones. */
export function parseRemoteLog(log: string): SpecialRemote[] {
  return Array.from(newestByUuid(log), ([uuid, words]) => {
    const config = new Map(words.map(keyAndValue));
    const name = config.get('name') ?? config.get('sameas-name') ?? '';
    return { uuid: config.get('sameas-uuid') ?? uuid, name, config };
  });
}

function keyAndValue(word: string): [string, string] {
  const equals = word.indexOf('=');
  if (equals < 0) return [word, ''];
  return [word.slice(0, equals), unescaped(word.slice(equals + 1))];
}

/** Blanks, `&` and the like are written as `&NN;`, with the character's decimal number. */
function unescaped(value: string): string {
  return value.replace(/&(\d{1,7});/g, (written, digits: string) => {
    const point = Number(digits);
    return point <= 0x10ffff ? String.fromCodePoint(point) : written;
  });
}
