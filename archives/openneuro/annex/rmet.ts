// `aaa/bbb/KEY.log.rmet` of a git-annex branch: the S3 versions at which a remote holds a key, from
// the field `V` of its metadata: `<ts>s <uuid>:V +<versionId>#<dataset>/<path>` (`-` takes back;
// `!` is base64).

import type { BinaryString } from '../../../core/compare/byte-order.ts';
import { linesOf, parseTimestamp } from '../../../core/protocols/git/annex-log.ts';

const SUFFIX = '.log.rmet';

/** The key of a path that is a key's log of versions; null for any other path. */
export function keyOfVersionLog(path: BinaryString): BinaryString | null {
  return path.endsWith(SUFFIX) ? path.slice(path.lastIndexOf('/') + 1, -SUFFIX.length) : null;
}

export interface S3VersionOfKey {
  readonly versionId: string;
  /** Key in the bucket, with the dataset's prefix. */
  readonly objectKey: string;
}

const FIELD = ':V';

/**
 * What is recorded for each remote, by uuid, and not taken back since. For each value the newest
 * line counts, wherever a merge has put it; of equal times, the one that takes back.
 */
export function versionsByRemote(log: string): Map<string, S3VersionOfKey[]> {
  const fields = new Map<string, Map<string, { at: bigint; isSet: boolean }>>();
  for (const line of linesOf(log)) {
    const [time, ...words] = line.split(' ');
    const at = parseTimestamp(time);
    if (at === null) continue;
    let field = '';
    for (const word of words) {
      if (word[0] !== '+' && word[0] !== '-') {
        field = word;
        continue;
      }
      if (!field.endsWith(FIELD)) continue;
      const uuid = field.slice(0, -FIELD.length);
      const values = fields.get(uuid) ?? new Map<string, { at: bigint; isSet: boolean }>();
      fields.set(uuid, values);
      const isSet = word[0] === '+';
      const value = decode(word.slice(1));
      const known = values.get(value);
      if (known && (known.at > at || (known.at === at && !known.isSet))) continue;
      values.set(value, { at, isSet });
    }
  }
  const versions = new Map<string, S3VersionOfKey[]>();
  for (const [uuid, values] of fields) {
    const held = [...values].flatMap(([value, { isSet }]) => {
      const hash = value.indexOf('#');
      if (!isSet || hash <= 0) return [];
      return [{ versionId: value.slice(0, hash), objectKey: value.slice(hash + 1) }];
    });
    if (held.length > 0) versions.set(uuid, held);
  }
  return versions;
}

/** What `versionsByRemote` returns for one remote. */
export const parseRmet = (log: string, uuid: string): S3VersionOfKey[] =>
  versionsByRemote(log).get(uuid) ?? [];

/** Values that have blanks or begin with `!` are written as `!` and base64. */
function decode(value: string): string {
  return value.startsWith('!') ? Buffer.from(value.slice(1), 'base64').toString('utf8') : value;
}
