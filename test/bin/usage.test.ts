// The command line with right and wrong arguments, before any work is done.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { STAGES } from '../support/stages.ts';
import { mirrorwatch, start } from './cli.ts';

describe.concurrent('the command line', () => {
  test('--help lists every command and exits 0', async () => {
    const { code, stdout, stderr } = await mirrorwatch(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'run',
      ...STAGES,
      'changes',
      'show',
      'validate',
      'prune',
      'serve',
      'rerun',
      'status',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    }
    expect(stderr).toBe('');
  });

  test('run --help lists every option and its environment variable', async () => {
    const { code, stdout } = await mirrorwatch(['run', '--help']);
    expect(code).toBe(0);
    for (const option of [
      ...[
        'archive',
        'registry-url',
        'mirror-url',
        'mirror-absent',
        'export-url',
        'out',
        'datasets',
      ],
      ...[
        'max-datasets',
        'changed',
        'stages',
        'force',
        'max-age',
        'page-size',
        'concurrency',
        'dry-run',
      ],
      ...['accept-shrink', 'publish-anyway', 'validate', 'json', 'verbose'],
    ]) {
      expect(stdout).toContain(`--${option}`);
    }
    for (const place of ['REGISTRY', 'MIRROR', 'EXPORT']) {
      expect(stdout).toContain(`MIRRORWATCH_${place}_URL`);
    }
  });

  test('no command at all shows the commands and exits 2', async () => {
    const { code, stderr } = await mirrorwatch([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Commands:');
  });

  test.each<[args: string[], words: RegExp]>([
    [['bogus'], /unknown command 'bogus'/],
    [['rum'], /unknown command 'rum'.*Did you mean run\?/],
    [['run', '--forse'], /unknown option '--forse'.*Did you mean --force\?/],
    [['run', 'data'], /too many arguments/],
    [['run', '--datasets', '../x'], /"\.\.\/x" is no dataset id; ids look like ds000117/],
    [['run', '--datasets', 'ds1'], /"ds1" is no dataset id/],
    [['run', '--datasets', ','], /Give dataset ids/],
    [['run', '--datasets', 'ds000117,ds1', '--strict'], /"ds1" is no dataset id/],
    [['rerun', '--datasets', 'x,ds1'], /"x", "ds1" are no dataset ids; ids look like ds000117/],
    [['check-github', '--digest', 'daily'], /unknown option '--digest'/],
    [['run', '--stages', 'check-svn'], /"check-svn" is no stage; the stages are fetch-registry/],
    [['run', '--max-datasets', '0'], /whole number from 1/],
    [['run', '--changed', '--datasets', 'ds000001'], /leave out --datasets/],
    [['run', '--changed', '--max-datasets', '3'], /leave out --max-datasets/],
    [['run', '--changed', '--stages', 'summarize'], /leave out --stages/],
    [['rerun', '--changed', '--datasets', 'ds000001'], /leave out --datasets/],
    [['run', '--max-datasets', '-1'], /whole number from 1/],
    [['run', '--concurrency', 'many'], /whole number from 1 to 256/],
    [['run', '--page-size', '1.5'], /whole number from 1 to 1000/],
    [['run', '--max-age', '7 days'], /90s, 15m, 6h or 7d/],
    [['run', '--archive', 'toys'], /choices are openneuro, dandi, sample/],
    [['run', '--export-url', 'file:///x'], /Give an address/],
    [['run', '--out', ''], /Give a folder/],
    [['run', '--archive', 'openneuro', '--from', 'data'], /--from replays a tree/],
    [
      ['run', '--from', 'data', '--checks', 's3Files,annexRecord,leftovers'],
      /recording does not hold what annexRecord, leftovers needs/,
    ],
    [['validate'], /missing required argument 'folder'/],
    [['changes', '--since', '2026-02-30'], /Give a day such as 2026-08-08, or yesterday, or run/],
    [['changes', '--format', 'xml'], /choices are text, json, csv, issue/],
    [['changes', '--fail-on', 'mended'], /choices are new-fault/],
    [['show'], /missing required argument 'id'/],
    [['show', 'ds000117', '--fail-on', 'ok'], /choices are error, version-mismatch, warning/],
    [['serve', '--port', '65536'], /from 0 to 65535/],
  ])('%j is one clear line and exit code 2', async (args, words) => {
    const { code, stdout, stderr } = await mirrorwatch(args);
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('a wrong address in the environment is named by its variable', async () => {
    const { code, stderr } = await mirrorwatch(['run'], { MIRRORWATCH_MIRROR_URL: 'github' });
    expect(stderr).toMatch(/from env 'MIRRORWATCH_MIRROR_URL' is invalid/);
    expect(code).toBe(2);
  });

  test.each(['OPENNEURO_TOKEN', 'MIRRORWATCH_MIRROR_TOKEN'])(
    'an invalid token (%s) is named, and its text is not shown',
    async (name) => {
      const { code, stdout, stderr } = await mirrorwatch(['run', '--archive', 'sample'], {
        [name]: 'secret\nsecond line',
      });
      expect(stderr).toContain(`${name} holds characters that no token has`);
      expect(stdout + stderr).not.toContain('secret');
      expect(code).toBe(2);
    },
  );

  test.each<[args: string[], words: RegExp]>([
    [['validate', '/no/such/folder'], /there is no folder \/no\/such\/folder/],
    [['validate', 'package.json'], /package\.json is a file; give the folder of a run's results/],
    [['serve', '--out', '/no/such/folder'], /there is no folder \/no\/such\/folder.*--out/],
    [
      ['run', '--archive', 'sample', '--out', '/dev/null/data'],
      /cannot write to \/dev\/null\/data: .*--out/,
    ],
    [
      ['run', '--archive', 'sample', '--out', '/proc/data'],
      /cannot write to \/proc\/data: .*--out/,
    ],
    [
      ['serve', '--out', 'test', '--host', '192.0.2.1', '--port', '0'],
      /has no address 192\.0\.2\.1/,
    ],
  ])('%j cannot be done: one clear line and exit code 1', async (args, words) => {
    const { code, stderr } = await mirrorwatch(args);
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  test('a reader that leaves early is no failure', async () => {
    const running = start(['validate', 'test']);
    running.child.stdout?.destroy();
    const { code, stderr } = await running.ended;
    expect(stderr).toMatch(/^\d+ findings in \d+ documents of test\n$/);
    expect(code).toBe(1);
  });

  test('a port in use is one clear line and exit code 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await mirrorwatch(['serve', '--out', 'test', '--port', `${port}`]);
    other.close();
    expect(stderr).toMatch(new RegExp(`port ${port} is in use; .*--port`));
    expect(code).toBe(1);
  });
});
