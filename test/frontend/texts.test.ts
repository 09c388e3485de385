// Text that leaves the page, and how hostile text is shown.

import { describe, expect, test } from 'vitest';
import { liveArchive } from '../../archives/openneuro/about-archive.ts';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { archiveLink, exportLink, mirrorLink } from '../../archives/openneuro/links.ts';
import type { AboutArchive } from '../../core/documents/documents.ts';
import { age } from '../../core/documents/format.ts';
import { SAMPLE_ARCHIVE } from '../../core/documents/provenance.ts';
import { toChecklist, toCsv } from '../../frontend/main/export.ts';
import { pathLine, visible } from '../../frontend/shared/visible.ts';
import { asRow } from '../support/legacy.ts';
import { OPENNEURO } from '../support/stage-context.ts';

const row = (changes: Partial<SummaryRow>): SummaryRow => ({
  id: 'ds000001',
  status: 'error',
  checks: { github: 'ok', s3Version: 'ok', s3Files: 'error' },
  s3Blocked: null,
  lastChecked: null,
  s3FilesAdded: 12,
  s3FilesRemoved: 3,
  issueSubtypes: { github: null, s3Version: null, s3Files: 'files-missing' },
  githubVersion: '1.0.0',
  s3Version: '1.0.0',
  latestSnapshotDate: '2020-01-01T00:00:00.000Z',
  name: null,
  latestSnapshot: '1.0.0',
  checkedAt: null,
  unverified: null,
  findings: [],
  notCompared: null,
  ...changes,
});

describe('CSV', () => {
  const nameCell = (name: string) =>
    toCsv([asRow(row({ name }))])
      .split('\r\n')
      .slice(1)
      .join('\r\n');

  test.each([
    ['plain', 'ds000001,plain,'],
    ['with, comma', 'ds000001,"with, comma",'],
    ['a "quote"', 'ds000001,"a ""quote""",'],
    ['two\nlines', 'ds000001,"two\nlines",'],
    ['=1+1', "ds000001,'=1+1,"],
    ['+1', "ds000001,'+1,"],
    ['-1', "ds000001,'-1,"],
    ['@SUM(A1)', "ds000001,'@SUM(A1),"],
    ['\t=1', "ds000001,'\t=1,"],
    ['  =1', "ds000001,'  =1,"],
    ['\r=1', 'ds000001,"\'\r=1",'],
  ])('the name %j is safe', (name, cell) => {
    expect(nameCell(name).startsWith(cell)).toBe(true);
  });

  test('counts stay numbers', () => {
    expect(toCsv([asRow(row({}))])).toContain(',12,3,');
  });
});

describe('the checklist', () => {
  test('groups by status and says what differs', () => {
    const text = toChecklist(OPENNEURO, [
      asRow(row({})),
      asRow(row({ id: 'ds000002', status: 'warning', issueSubtypes: null })),
    ]);
    expect(text).toBe(
      [
        '### Error (1)',
        '',
        '- [ ] [ds000001](https://openneuro.org/datasets/ds000001): Files missing (12 missing, 3 extra)',
        '',
        '### Warning (1)',
        '',
        '- [ ] [ds000002](https://openneuro.org/datasets/ds000002)',
        '',
      ].join('\n'),
    );
  });

  test('a name is one line without markup, links or mentions', () => {
    const text = toChecklist(OPENNEURO, [
      asRow(row({ name: '[x](javascript:1) <b> @someone #12\n- [x] done' })),
    ]);
    const [line = ''] = text.split('\n').slice(2);
    expect(line).toContain('\\[x\\]\\(javascript\\:1\\) \\<b\\>');
    expect(line).not.toMatch(/@someone|[^\\]#12/);
    expect(text.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('unseen characters are shown', () => {
  test.each([
    ['a\nb\tc', 'a\u240ab\u2409c'],
    ['\u202efdp', '\u27e8U+202E\u27e9fdp'],
    ['zero\u200bwidth', 'zero\u27e8U+200B\u27e9width'],
    ['caf\u00e9 \u{1F9E0} <b>', 'caf\u00e9 \u{1F9E0} <b>'],
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test.each([
    ['sub-01/anat/T1w.nii.gz', 'sub-01/anat/T1w.nii.gz'],
    ['with space', 'with space'],
    ['line\nbreak', '"line\\nbreak"'],
    ['quo"te\\', '"quo\\"te\\\\"'],
    ['\u0001', '"\\001"'],
  ])('a path is one line to copy: %j', (path, line) => {
    expect(pathLine(path)).toBe(line);
  });
});

describe('links', () => {
  test.each([archiveLink, mirrorLink, exportLink])('%o refuses what is no id', (link) => {
    for (const id of ['', 'ds1', 'ds000001/..', 'javascript:alert(1)', 'ds000001"', 'ds000001\n']) {
      expect(link(OPENNEURO, id)).toBeNull();
    }
    expect(new URL(link(OPENNEURO, 'ds000001') ?? '').protocol).toBe('https:');
  });

  test('an invalid tag or commit is left out', () => {
    expect(archiveLink(OPENNEURO, 'ds000001', '../x')).toBe(
      'https://openneuro.org/datasets/ds000001',
    );
    expect(archiveLink(OPENNEURO, 'ds000001', '1.0.0')).toBe(
      'https://openneuro.org/datasets/ds000001/versions/1.0.0',
    );
    expect(mirrorLink(OPENNEURO, 'ds000001', 'abc')).toBe(
      'https://github.com/OpenNeuroDatasets/ds000001',
    );
  });
});

describe('whose addresses the links use', () => {
  const links = (archive: AboutArchive | null) =>
    [archiveLink, mirrorLink, exportLink].map((link) => link(archive, 'ds000001'));

  test('none while the archive is not known, and none of what is invented', () => {
    for (const archive of [null, SAMPLE_ARCHIVE, { ...OPENNEURO, origin: 'replay' as const }]) {
      expect(links(archive)).toEqual([null, null, null]);
    }
  });

  test('links for another archive use its own addresses', () => {
    const archive = liveArchive({
      registryUrl: 'https://archive.example/crn/graphql',
      mirrorUrl: 'https://git.example/mirrors/',
      exportUrl: 'http://127.0.0.1:9000/bucket',
    });
    expect(archive.name).toBe('archive.example');
    expect(links(archive)).toEqual([
      'https://archive.example/datasets/ds000001',
      'https://git.example/mirrors/ds000001',
      'http://127.0.0.1:9000/bucket?list-type=2&prefix=ds000001/&delimiter=/',
    ]);
    expect(
      archiveLink({ ...archive, registryUrl: 'https://x.example/api' }, 'ds000001'),
    ).toBeNull();
  });

  test('an address in the data that is hostile is no link', () => {
    const bad = 'javascript:alert(1)//crn/graphql';
    const archive = {
      ...OPENNEURO,
      registryUrl: bad,
      mirrorUrl: 'data:text/html,x',
      exportUrl: '//x',
    };
    expect(links(archive)).toEqual([null, null, null]);
  });

  test('a checklist of invented datasets says so and has no link', () => {
    const text = toChecklist(SAMPLE_ARCHIVE, [asRow(row({}))]);
    expect(text).toMatch(/^\*\*Sample archive: invented data\*\*\n\n### Error/);
    expect(text).not.toContain('http');
  });
});

describe('ages', () => {
  const now = Date.parse('2026-08-10T00:00:00.000Z');
  test.each([
    [-5, 'just now'],
    [59, 'just now'],
    [60, '1 min'],
    [3_599, '59 min'],
    [3_600, '1 h'],
    [172_799, '47 h'],
    [172_800, '2 d'],
    [123_456_789, '1,428 d'],
  ])('%d seconds: %s', (seconds, said) => {
    expect(age(new Date(now - seconds * 1000).toISOString(), now)).toBe(said);
  });

  test('an invalid time is unknown', () => {
    expect(age('soon', now)).toBe('unknown');
  });
});
