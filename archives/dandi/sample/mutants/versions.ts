// Faults of tags, versions and DOIs.

import { writeManifests } from '../healthy.ts';
import { ago, type World } from '../world.ts';
import { BIG, type Changed, HOUR, type Mutant } from './change.ts';

export const VERSIONS: readonly Mutant[] = [
  {
    expected: 'tags:tag-missing',
    wish: { versions: 2 },
    change: ({ mirror }) => void mirror.tags.shift(),
  },
  {
    expected: 'tags?tag-expected',
    wish: { versions: 2 },
    change({ world, dandiset, mirror }) {
      const newest = dandiset.versions.at(-1);
      if (newest) newest.created = newest.modified = ago(world.now, 2 * HOUR);
      mirror.tags.pop();
    },
  },
  {
    expected: 'tags:tag-broken',
    wish: { versions: 2 },
    change({ mirror }) {
      for (const tag of mirror.tags.slice(0, 1)) tag.isBroken = true;
    },
  },
  {
    expected: 'tags:tag-orphaned',
    change({ mirror }) {
      const [tag] = mirror.tags;
      if (tag) mirror.tags.unshift({ ...tag, name: '0.190101.1', isMerged: false });
    },
  },
  {
    expected: 'tags:tag-lightweight',
    change({ mirror }) {
      for (const tag of mirror.tags) tag.isAnnotated = false;
    },
  },
  {
    expected: 'tags:tag-unmerged',
    change({ mirror }) {
      for (const tag of mirror.tags) tag.isMerged = false;
    },
  },
  {
    expected: 'versions:tag-content',
    change: ({ mirror }) => void mirror.tags[0]?.files.delete(BIG),
  },
  {
    expected: 'doi:doi-none',
    change({ world, dandiset }) {
      for (const { metadata } of dandiset.versions) delete metadata.doi;
      writeManifests(world, dandiset);
    },
  },
  { expected: 'doi:doi-missing', change: (of) => eachDoi(of, (dois, doi) => dois.delete(doi)) },
  {
    expected: 'doi:doi-draft',
    change: (of) =>
      eachDoi(of, (dois, doi) => dois.set(doi, { url: dois.get(doi)?.url ?? '', state: 'draft' })),
  },
  {
    expected: 'doi:doi-elsewhere',
    change: (of) =>
      eachDoi(of, (dois, doi) => dois.set(doi, { url: 'https://x.example', state: 'findable' })),
  },
];

function eachDoi(
  { world, dandiset }: Changed,
  change: (dois: World['dois'], doi: string) => void,
): void {
  for (const { version } of dandiset.versions) {
    change(world.dois, `10.48324/dandi.${dandiset.id}/${version}`);
  }
}
