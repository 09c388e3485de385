// The hostile dataset: every text that an uploader can choose is an attack or a trap
// (checks.md#traps). Only the id and the registry's tag are well formed.

import { annexedFile, plainFile } from '../../../../sample/files.ts';
import { addToExport, claimedMissing, loseFromExport, mirrorOf, type Special } from './changes.ts';

const RTL = '\u202E';
const SCRIPT = '<script>alert(document.domain)</script>';

/** Starts as a spreadsheet formula, continues as markup, and reverses the reading direction. */
export const HOSTILE_NAME = `=HYPERLINK("http://attacker.example","free")${SCRIPT}"'><img src=x onerror=alert(1)>${RTL}gnp.exe & {{7*7}} \${7*7}`;

const IN_STEP = [
  ' leading space.txt',
  '-rf',
  '--help.txt',
  '.hidden/..almost/file',
  '=SUM(A1:A9).csv',
  '+1.csv',
  '@import.csv',
  'a b/c+d/e%20f/g#h/i&j.txt',
  'percent %2F %00 %.txt',
  `"double" 'single' \`back\`.txt`,
  '$(touch pwned);|&.txt',
  'back\\slash.txt',
  'javascript:alert(1)',
  'line\nbreak\tand tab.txt',
  'sub-\u00FC/caf\u00E9/cafe\u0301.txt',
  '\uFF5E before the astral planes.txt',
  '\u{1F9E0} after the BMP.txt',
  'https:/attacker.example/index.html',
  '%3Cscript%3E.txt',
  '__proto__',
  'constructor/prototype',
] as const;

const LOST = [
  `${SCRIPT}/T1w.nii.gz`,
  `"><svg onload=alert(2)>.json`,
  `=cmd|' /C calc'!A0.tsv`,
  `${RTL}fdp.tsv`,
] as const;

const ORPHANED = [
  `<img src=x onerror=alert(3)>.json`,
  `-2+3+cmd|' /C calc'!A0.tsv`,
  `trailing space .txt `,
  '\u{1F600}/\uFFFD.txt',
] as const;

/** In the byte order of their UTF-8 form. */
function sorted(paths: readonly string[]): string[] {
  return paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

export const HOSTILE: Special = {
  rule: '#traps: every path, tag, branch, DOI and name is hostile text',
  options: (id) => ({
    tags: ['1.0.0'],
    branch: 'main',
    doi: () =>
      `<b onclick=alert(4)>10.18112/openneuro.${id}.v1.0.0"><script src=//attacker.example>`,
    edit: (entries) => [
      ...entries,
      ...IN_STEP.map((path) => plainFile(path, 'as exported\n')),
      ...LOST.map((path) => annexedFile(path, 1_966_080, `${id} ${path}`)),
    ],
  }),
  change: (plan) => {
    plan.name = HOSTILE_NAME;
    loseFromExport(plan, LOST);
    addToExport(
      plan,
      ORPHANED.map((path) => plainFile(path, 'orphan\n')),
    );
    const { branches, tags } = mirrorOf(plan);
    branches['<script>alert(5)</script>'] = '1.0.0';
    branches[`=1+1|'x'!A0`] = '1.0.0';
    branches['__proto__/x'] = '1.0.0';
    branches[`${RTL}niam`] = '1.0.0';
    tags[`"><img/src=x/onerror=alert(6)>`] = { commit: '1.0.0' };
    tags['0.0.0-\u{1F9E0}'] = { commit: '1.0.0', annotated: true };
  },
  expect: () => ({
    status: 'error',
    s3Files: {
      status: 'error',
      subtype: 'files-missing',
      added: sorted(LOST),
      removed: sorted(ORPHANED),
    },
    annexRecord: claimedMissing,
    causes: ['objects-changed', 'files-left-behind'],
  }),
};
