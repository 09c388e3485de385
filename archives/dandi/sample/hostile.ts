// A dandiset whose every text is hostile: markup, quotes, line breaks, steps, scripts.

import { addHealthy, emptyWorld, zarrSection } from './healthy.ts';
import type { World } from './world.ts';

export const HOSTILE = '000666';
export const MARKUP = '<img src=x onerror=alert(1)>';
const SCRIPT = 'javascript:alert(1)';

/** Some of it is wrong, so that the texts reach documents. */
export function hostileWorld(now: Date): World {
  const world = emptyWorld(now);
  const name = `${MARKUP}"'\u202e\n</script><script>alert(1)</script>`;
  const inner = addHealthy(world, HOSTILE, {
    name,
    zarr: 5,
    paths: [`${MARKUP}.nwb`, `a'"b/.. c/${SCRIPT.replace(':', '=')}.nwb`],
  });
  addHealthy(world, '000667', { name });
  const mirror = world.mirrors.get(HOSTILE);
  const { path = '', zarr } = inner.draft.assets.find((asset) => asset.zarr) ?? {};
  if (mirror && zarr) {
    mirror.submodules = zarrSection(path, zarr.uuid, `${SCRIPT}//${MARKUP}`);
    mirror.head = `${MARKUP}`;
    mirror.files.delete(`${MARKUP}.nwb`);
    mirror.files.set(`${MARKUP}/left.txt`, { kind: 'text', content: Buffer.from(MARKUP) });
    mirror.tags.push({
      name: `0.1.1${'"'}>${MARKUP.replaceAll(' ', '')}`,
      files: new Map(mirror.files),
      record: MARKUP,
      isAnnotated: true,
      isMerged: false,
      isBroken: false,
    });
    const object = [...world.objects.values()].find(({ key }) => key.startsWith('zarr/'));
    if (object)
      world.objects.set(`zarr/${zarr.uuid}/${MARKUP}`, {
        ...object,
        key: `zarr/${zarr.uuid}/${MARKUP}`,
      });
  }
  const section = world.superdataset.get(HOSTILE);
  if (section) section.url = `${SCRIPT}/${MARKUP}`;
  const published = world.dandisets.find(({ id }) => id === '000667');
  for (const { metadata } of published?.versions ?? []) metadata.doi = `10.48324/${MARKUP}`;
  return world;
}
