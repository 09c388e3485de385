// The help of each command: only its options, and an example that can be typed.

import { expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { type Actions, createProgram } from '../../bin/cli/program.ts';
import { stagesOf } from '../../core/monitor/archive.ts';

const STAGES = stagesOf(openneuro);

/** As it is printed where there is no terminal. */
function helpOf(name: string): string {
  let text = '';
  const program = createProgram({} as Actions, () => {}, [openneuro]);
  const command = program.commands.find((one) => one.name() === name);
  command?.configureOutput({
    writeOut: (written) => {
      text += written;
    },
    getOutHelpWidth: () => 80,
  });
  command?.outputHelp();
  return text;
}

/** Options that the help shows, without those of all stages. */
function optionsOf(name: string): string[] {
  const all = ['archive', 'from', 'out', 'dry-run', 'validate', 'json', 'verbose', 'help'];
  const shown = Array.from(helpOf(name).matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm), ([, it]) => it);
  expect(shown).toEqual(expect.arrayContaining(all));
  return shown.flatMap((one) => (one === undefined || all.includes(one) ? [] : [one])).sort();
}

const ENTRIES = ['concurrency', 'datasets', 'max-datasets', 'strict'];
const MEASURED = ['contact-url', 'force', 'new-dataset-days', ...ENTRIES];

test.each([
  ['fetch-registry', ['registry-url', 'page-size', 'contact-url', ...ENTRIES]],
  ['check-github', ['mirror-url', 'mirror-absent', ...MEASURED]],
  ['check-s3-version', ['export-url', ...MEASURED]],
  ['check-doi', ['doi-url', ...MEASURED]],
  ['check-deprecated', ['registry-url', ...MEASURED]],
  ['check-leftovers', ['registry-url', 'export-url', 'contact-url', 'force']],
])('%s has only the options of what it does: %j', (stage, options) => {
  const more = stage === 'fetch-registry' ? ['accept-shrink', 'registry-days'] : [];
  expect(optionsOf(stage)).toEqual([...options, ...more].sort());
});

test('the comparison of files can choose its checks, and how old a comparison may be', () => {
  const own = ['checks', 'max-age', 'mirror-url', 'export-url', 'mirror-absent'];
  expect(optionsOf('check-s3-files')).toEqual([...own, ...MEASURED].sort());
  expect(helpOf('check-s3-files')).toMatch(/only these of s3Content, s3Access, annexRecord;/);
});

test('only what publishes has options of the page and of messages', () => {
  const summarize = optionsOf('summarize');
  expect(summarize).toEqual(expect.arrayContaining(['digest', 'publish-anyway', 'site-url']));
  expect(summarize).not.toContain('datasets');
  expect(optionsOf('run')).toEqual(expect.arrayContaining([...summarize, 'changed', ...MEASURED]));
});

test('each address has its default in the help', () => {
  const help = helpOf('run').replace(/\s+/g, ' ');
  for (const { url } of Object.values(openneuro.places)) expect(help).toContain(`default: ${url}`);
});

test.each(['run', ...STAGES, 'changes', 'show', 'validate', 'prune', 'serve', 'rerun', 'status'])(
  '%s --help ends with an example, and fits 80 columns',
  (command) => {
    const help = helpOf(command);
    expect(help).toMatch(new RegExp(`\nExample:\n {2}.* ${command}.*\n$`));
    // How the program is started depends on where it is; the rest fits.
    const lines = help.slice(0, help.indexOf('\nExample:')).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  },
);
