// H18: feeds of a year of daily runs.

import { expect, test } from 'vitest';
import { publishedRun } from '../../support/published-run.ts';
import { healthyArchive, healthyRefs } from '../../support/stage-context.ts';
import { elementsOf, parseXml } from '../../support/xml.ts';

const IDS = ['ds000001', 'ds000002', 'ds000003'];
const OPTIONS = { siteUrl: 'https://watch.example.org', publishAnyway: true };

test('ids of entries are unique over a year, and stay what they were', async () => {
  const archive = healthyArchive(IDS);
  const { store } = await publishedRun(archive, { day: 0, options: OPTIONS });
  const seen = new Map<string, string>();
  for (let day = 1; day <= 365; day += 1) {
    if (day % 3 === 0) {
      const id = IDS[(day / 3) % IDS.length] as string;
      const isBad = archive.refs.get(id) !== undefined && day % 6 === 0;
      archive.refs.set(id, healthyRefs(isBad ? [] : ['1.0.0']));
    }
    const { written } = await publishedRun(archive, { store, day, options: OPTIONS });
    for (const path of written.filter((one) => one.endsWith('.atom'))) {
      const entries = elementsOf(parseXml(store.pages.get(path) ?? '')).filter(
        ({ name }) => name === 'entry',
      );
      const ids = entries.map(({ children }) => children[0]?.text ?? '');
      expect(new Set(ids).size).toBe(ids.length);
      for (const entry of entries) {
        const id = entry.children[0]?.text ?? '';
        const said = JSON.stringify(entry.children);
        expect(seen.get(id) ?? said).toBe(said);
        seen.set(id, said);
      }
    }
  }
  expect(seen.size).toBeGreaterThan(100);
}, 120_000);
