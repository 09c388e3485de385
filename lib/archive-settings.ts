// The settings of every archive that is deployed. Those of an archive with a folder of its own have
// its id before their name: `-c mirrorwatch:toy.schedule=off`.

import { ARCHIVES } from '../archives/index.ts';
import type { Archive } from '../core/monitor/archive.ts';
import { PREFIX, SettingError } from './context.ts';
import { readSettings, type Settings } from './settings.ts';

/** What an archive may have of its own, and has as the first archive where it is not set. */
const SHARED = ['schedule', 'concurrency', 'newDatasetDays', 'registryDays', 'secondReadings'];
/** What it never has from another: addresses, names and tokens are of one archive. */
const OWN = [
  'archive',
  'datasets',
  'memory',
  'checks',
  'choices',
  'mirrorAbsent',
  'githubTokenParameter',
];
const OF_ARCHIVE: readonly string[] = [...SHARED, ...OWN];

/**
 * @param context all of it, CDK's own keys as well
 * @returns those of the first archive, which are the stack's as well, and of each other one that is
 * deployed: one that waits for a request is, if it has a setting of its own
 * @throws SettingError for the first key or value that is not valid
 */
export function readAllSettings(
  context: Readonly<Record<string, unknown>>,
  archives: readonly Archive[] = ARCHIVES,
): { readonly settings: Settings; readonly others: ReadonlyMap<Archive, Settings> } {
  const [first, ...others] = archives;
  const ofOther = (key: string) => others.find(({ id }) => key.startsWith(`${PREFIX}${id}.`));
  const general = Object.entries(context).filter(([key]) => !ofOther(key));
  const shared = general.filter(([key]) => !OWN.some((name) => key === PREFIX + name));
  return {
    settings: readSettings(Object.fromEntries(general), first),
    others: new Map(
      others.flatMap((archive) => {
        const own = Object.entries(context).filter(([key]) => ofOther(key) === archive);
        if (archive.isOnRequest && own.length === 0) return [];
        const all = Object.fromEntries([...shared, ...own.map(plain)]);
        return [[archive, readSettings(all, archive)] as const];
      }),
    ),
  };
}

/** @throws SettingError if it is a setting of the stack */
function plain([key, value]: readonly [string, unknown]): [string, unknown] {
  const name = key.slice(key.indexOf('.') + 1);
  if (OF_ARCHIVE.includes(name)) return [PREFIX + name, value];
  throw new SettingError(
    `${key} is no setting of an archive; those are ${OF_ARCHIVE.join(', ')} (docs/deploy.md)`,
  );
}
