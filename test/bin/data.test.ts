// docs/data.md, as a script of somebody else would use it: every example against `serve`, and every
// document by the address book alone, with another validator than ours.

import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { findFaults } from '../../bin/cli/validate-command.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { type OpenSite, openSite } from '../../bin/serve/command.ts';
import { listArchives } from '../../bin/store/archives.ts';
import type { Addresses } from '../../core/documents/documents.ts';
import { runSample } from '../support/sample-run.ts';
import { temporaryFolder } from './cli.ts';

const GUIDE = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');
const PLACE = 'https://mirrorwatch.example.org';
const has = (program: string) => spawnSync(program, ['--version']).status === 0;

const folder = await temporaryFolder();
const out = join(folder.path, 'data');
let site: OpenSite;

beforeAll(async () => {
  const generated = generateArchive({ datasets: 6, seed: 1 });
  const archive = { ...generated };
  const sample = await startSampleArchive({ archive });
  for (const day of [0, 1]) {
    const [first, ...others] = generated.datasets;
    const lost = first && { ...first, mirror: async () => undefined };
    Object.assign(archive, { datasets: day === 0 ? generated.datasets : [lost, ...others] });
    const store = await openFolderStore(out, { archive: openneuro, lock: true });
    await runSample(sample, { store, day, options: { publishAnyway: true } });
    await store.close();
  }
  await sample.close();
  await listArchives(out, [openneuro]);
  site = await openSite({ out, port: 0, host: '127.0.0.1' });
}, 120_000);
afterAll(async () => {
  await site.close();
  await folder.remove();
});

describe('the example', () => {
  const example = (language: string) => {
    const [, code = ''] =
      new RegExp(`\\n\`\`\`${language}\\n([^]*?)\\n\`\`\`\\n`).exec(GUIDE) ?? [];
    expect(code).toContain(PLACE);
    return code.replaceAll(PLACE, new URL(site.url).origin);
  };
  const run = async (program: string, ...args: string[]) =>
    (await promisify(execFile)(program, args)).stdout;

  test.skipIf(!has('curl') || !has('jq'))('with curl and jq works (needs both)', async () => {
    const lines = (await run('bash', '-euo', 'pipefail', '-c', example('sh'))).trim().split('\n');
    expect(lines[0]).toBe('schema/all-datasets.schema.json');
    expect(lines[1]).toMatch(/^published 2026-08-02T\S+Z, 6 datasets$/);
    expect(lines).toContainEqual(expect.stringMatching(/^ds900001\terror\t2026-08-02T/));
  });

  test.skipIf(!has('python3'))('in Python works (needs python3)', async () => {
    const text = await run('python3', '-c', example('python'));
    expect(text).toMatch(/^2026-08-02 ds900001 .* -> error\n {2}mirror: repo-not-found\n/m);
  });

  test('the browser example works on a page of any site', async () => {
    const text = await run(process.execPath, '--input-type=module', '-e', example('js'));
    expect(text).toMatch(/^\{.*"error":[1-9].*\}\nds900001 is error since 2026-08-02\n$/);
    const answer = await fetch(new URL('/data/index.json', site.url));
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('by the address book alone', () => {
  const load = async (address: string) => {
    const answer = await fetch(new URL(address, new URL('/data/index.json', site.url)));
    return answer.status === 404 ? undefined : answer.json();
  };

  /** All that an address with placeholders stands for, as index.json says where to find it. */
  async function expand(address: string): Promise<string[]> {
    const [whole, name] = /\{(\w+)\}/.exec(address) ?? [];
    if (whole === undefined || name === undefined) return [address];
    const values = await valuesOf(name, address);
    return (await Promise.all(values.map((one) => expand(address.replace(whole, one))))).flat();
  }
  async function valuesOf(name: string, address: string): Promise<string[]> {
    switch (name) {
      case 'id':
        return Object.keys((await load('datasets-registry.json')).latestSnapshots);
      case 'tag':
        return (await load(address.replace(/snapshots\/.*/, 'snapshots.json'))).tags;
      case 'month':
        return (await load('history/index.json')).months;
      case 'year':
        return ['2026'];
      case 'time': {
        const months = (await load('history/index.json')).months as string[];
        const counts = months.map((month) => load(`history/counts/${month}.json`));
        const times = (await Promise.all(counts)).flatMap(({ time }) => time as string[]);
        return times.map((time) => time.replaceAll(':', '').replace('.000Z', 'Z'));
      }
      case 'part':
        return (await load('summary.json')).more.map((file: string) => /\d+/.exec(file)?.[0]);
      default:
        throw new Error(`no values for ${name}`);
    }
  }

  test('every document is found and fits its schema, and no file is left out', async () => {
    const ajv = new Ajv2020({ strict: true, strictTuples: false, allErrors: true });
    (formats as unknown as (ajv: Ajv2020) => void)(ajv);
    const { addresses } = (await load('index.json')) as Addresses;
    const seen = new Map<string, number>();
    const found: string[] = [];
    for (const { address, schema } of addresses) {
      for (const path of await expand(address)) {
        const answer = await fetch(new URL(`/data/${path}`, site.url));
        if (answer.status === 404) continue;
        found.push(path);
        if (schema === null) continue;
        const validate =
          ajv.getSchema(schema.slice('schema/'.length)) ?? ajv.compile(await load(schema));
        validate(await answer.json());
        expect({ path, errors: validate.errors }).toEqual({ path, errors: null });
        seen.set(schema, (seen.get(schema) ?? 0) + 1);
      }
    }
    const files = await readdir(out, { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(out.length + 1))
      .filter((path) => !path.startsWith('.mirrorwatch'));
    expect(found.sort()).toEqual(paths.sort());
    expect(seen.size).toBeGreaterThan(25);
  });

  test('the curve of a series that history/series.json names is answered', async () => {
    const { api } = (await load('index.json')) as Addresses;
    const { series } = await load('history/series.json');
    const values = [series[0].name, '2026-08-01T00:00:00Z', '2026-08-02T00:00:00Z'];
    const [{ address, parameters } = { address: '', parameters: [] }] = api;
    const query = values.map((value, at) => `${parameters[at]}=${value}`).join('&');
    const { curve } = await load(`${address}?${query}`);
    expect(Object.values(curve[series[0].name])).toHaveLength(2);
  });

  test('a document that does not fit is reported', async () => {
    const ajv = new Ajv2020({ strict: true, strictTuples: false });
    (formats as unknown as (ajv: Ajv2020) => void)(ajv);
    const validate = ajv.compile(await load('schema/summary.schema.json'));
    expect(validate(await load('summary.json'))).toBe(true);
    expect(validate(await load('all-datasets.json'))).toBe(false);
  });

  test('`validate` reports a schema that is missing, changed, or not named', async () => {
    const findings = async () => {
      const lines: string[] = [];
      await findFaults(out, (line) => lines.push(line));
      return lines;
    };
    expect(await findings()).toEqual([]);
    const [damaged, missing] = ['summary', 'status'].map((name) =>
      join(out, 'schema', `${name}.schema.json`),
    ) as [string, string];
    await writeFile(damaged, '{}');
    await rm(missing);
    await writeFile(join(out, 'schema', 'compact.schema.json'), '{}');
    expect(await findings()).toEqual([
      expect.stringMatching(/^schema\/status.schema.json: is not the schema that index.json names/),
      expect.stringMatching(
        /^schema\/summary.schema.json: is not the schema that index.json names/,
      ),
      'schema/compact.schema.json: no document belongs at this path',
    ]);
  });
});
