// The text that a person sends to those who can fix a dataset.

import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../archives/openneuro/catalogue.ts';
import { reportText } from '../../../core/documents/report-text.ts';
import type { CheckRow, Row } from '../../../core/documents/rows.ts';

const AT = '2026-08-01T06:00:12.000Z';
const OK: CheckRow = {
  ...{ status: 'ok', subtype: null, findings: [], at: AT, since: null, lastAttempt: null },
  ...{ version: null, numbers: {}, notCompared: null },
};
const ROW: Row = {
  ...{ id: 'ds005810', name: 'A [link](x) @all', version: '2.0.0', versionDate: null },
  ...{ status: 'error', since: '2026-03-12T06:00:00.000Z', checkedAt: AT, causes: [] },
  ...{ pending: null, rulesVersion: null },
  checks: {
    github: OK,
    s3Files: {
      ...OK,
      ...{ status: 'error', subtype: 'files-missing', findings: ['files-missing'] },
      numbers: { added: 80_880, expected: 82_318 },
    },
  },
};
const INPUT = {
  row: ROW,
  headline: {
    says: '80,880 of 82,318 files are missing from the export.',
    since: '2026-03-12T06:00:00.000Z',
  },
  published: '2026-08-01T08:31:07.000Z',
  causes: [
    {
      cause: 'export-cut-short',
      evidence: ['git-annex started an export and did not record its end.'],
      verify: 'count ```all```\nthen this',
      mend: 'never said',
    },
  ],
  page: 'https://watch.example.org/dataset.html?id=ds005810',
  documentOf: (check: string) => `https://watch.example.org/data/${check}.json`,
};

test('has id and version, words, numbers, the command that verifies, the address and the date', () => {
  expect(reportText(CATALOGUE, INPUT)).toEqual({
    title: 'ds005810@2.0.0: 80,880 of 82,318 files are missing from the export',
    body: [
      '**ds005810@\u20602.0.0** (A \\[link\\]\\(x\\) @\u2060all)',
      'As of 2026-08-01 08:31 UTC: 80,880 of 82,318 files are missing from the export, since 12 March 2026.',
      '- Export files: Error: Files missing, 80,880 missing in the export ([evidence](https://watch.example.org/data/s3Files.json))',
      'Likely cause: **Export cut short**. An export was started, but files were never uploaded.',
      '- git-annex started an export and did not record its end.',
      'To see it (anybody can, it changes nothing):',
      '````sh\ncount ```all```\nthen this\n````',
      'From https://watch.example.org/dataset.html?id=ds005810\n',
    ].join('\n\n'),
  });
});

test('says no more than is known', () => {
  const row = { ...ROW, name: null, version: null };
  const headline = { ...INPUT.headline, since: null };
  const { title, body } = reportText(CATALOGUE, {
    ...INPUT,
    ...{ row, headline, published: null, causes: [] },
  });
  expect(title).toMatch(/^ds005810: /);
  expect(body).not.toMatch(/As of|since|Likely|null/);
});
