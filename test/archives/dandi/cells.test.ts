import { expect, test } from 'vitest';
import { assets } from '../../../archives/dandi/checks/assets.ts';
import { mirror } from '../../../archives/dandi/checks/mirror.ts';
import type { Row } from '../../../core/documents/rows.ts';
import { inPlaceOfNumbers } from '../../../frontend/main/cells.ts';

test('a check that counts no faults is ok in the list; one that does has none', () => {
  const own = { status: 'ok', subtype: null, notCompared: null, numbers: {} };
  const row = { checks: { mirror: own, assets: own }, pending: null } as unknown as Row;
  expect(inPlaceOfNumbers(mirror, row)).toBe('ok');
  expect(inPlaceOfNumbers(assets, row)).toBe('none');
});
