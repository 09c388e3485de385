// The cost of comparing files in git itself, by the limit up to which their contents are fetched
// with the tree: a mirror served by git's own HTTP server, read by a fresh process for each limit
// in turn. `node test/bench/plain-files.ts` prints the table of docs/performance.md.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { number } from '../../core/documents/format.ts';
import { createHttpClient } from '../../core/http.ts';
import { encodeContentList } from '../../core/protocols/git/content-list.ts';
import { createMirrorSource } from '../../core/protocols/git/mirror.ts';
import type { TreeContent } from '../../core/protocols/sources.ts';
import { createRandom, digest, type Random } from '../../sample/bytes.ts';
import { gitIn, serveGit } from '../core/protocols/git/git-server.ts';
import { spread } from './spread.ts';

const LIMITS = [1 << 10, 16 << 10, 64 << 10] as const;
const ROUNDS = 5;

/** Of 100 files: the number of plain files and their size. The rest are annexed. */
interface Mix {
  readonly files: number;
  /** Sidecars, events, channels, long tables. */
  readonly shares: readonly [number, number, number, number];
}

const MIXES: readonly Mix[] = [
  { files: 50_000, shares: [20, 12, 6, 0.5] },
  { files: 50_000, shares: [30, 40, 15, 2] },
];

interface Usage {
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
  readonly received: number;
  readonly kept: number;
  readonly compared: number;
}

async function read(url: string, commit: string, plainBytes: number): Promise<Usage> {
  const http = createHttpClient();
  const began = performance.now();
  const mirror = createMirrorSource({ http, baseUrl: url, plainBytes, maxTreeBytes: 1 << 30 });
  const answer = await mirror.readContent('ds1', commit);
  if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
  const kept = encodeContentList(answer.value, 1).length;
  const wall = (performance.now() - began) / 1000;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const isCompared = ({ kind }: TreeContent) => kind !== 'unknown';
  const contents = Array.from(answer.value.entries, ({ content }) => content);
  http.close();
  return {
    wall,
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    peak: maxRSS / 1024,
    received: http.traffic.tree.bytes / 1e6,
    kept: kept / 1e6,
    compared: (100 * contents.filter(isCompared).length) / contents.length,
  };
}

/** Log-normal, like real file sizes. */
function sizeOf(random: Random, median: number, spreadOf: number, most: number): number {
  const normal =
    Array.from({ length: 12 }, () => random.int(0, 1e6) / 1e6).reduce((a, b) => a + b) - 6;
  return Math.min(most, Math.round(median * Math.exp(spreadOf * normal)));
}

function table(random: Random, bytes: number): string {
  let text = 'onset\tduration\ttrial_type\tresponse_time\n';
  let onset = 0;
  while (text.length < bytes) {
    onset += random.int(500, 4000) / 1000;
    const kind = random.pick(['go', 'stop', 'congruent', 'incongruent']);
    text += `${onset.toFixed(3)}\t2.0\t${kind}\t${(random.int(200, 1900) / 1000).toFixed(3)}\n`;
  }
  return text;
}

/** As converters write them: long, and identical except for some fields. */
function sidecar(random: Random, bytes: number): string {
  const fields: Record<string, unknown> = {
    Modality: 'MR',
    MagneticFieldStrength: 3,
    Manufacturer: 'Siemens',
    AcquisitionTime: `${random.int(8, 19)}:${random.int(10, 59)}:${random.int(10, 59)}.${random.int(1e5, 9e5)}`,
    SeriesNumber: random.int(2, 40),
    RepetitionTime: 2,
    TxRefAmp: random.int(200_000, 300_000) / 1000,
    ShimSetting: Array.from({ length: 8 }, () => random.int(-4000, 4000)),
    SliceTiming: [] as number[],
  };
  const timing = fields.SliceTiming as number[];
  while (JSON.stringify(fields, null, 1).length < bytes) timing.push((timing.length * 37.5) % 2000);
  return `${JSON.stringify(fields, null, 1)}\n`;
}

function* filesOf({ files, shares }: Mix): Generator<{ path: string; mode: string; text: string }> {
  const random = createRandom('plain files');
  const [sidecars, events, channels, long] = shares;
  for (let place = 0; place < files; place++) {
    const subject = `sub-${String(Math.floor(place / 100)).padStart(5, '0')}`;
    const base = `${subject}/func/${subject}_run-${String(place % 100).padStart(2, '0')}`;
    const share = random.int(0, 999) / 10;
    if (share < sidecars) {
      yield {
        path: `${base}_bold.json`,
        mode: '100644',
        text: sidecar(random, sizeOf(random, 700, 0.7, 4000)),
      };
    } else if (share < sidecars + events) {
      yield {
        path: `${base}_events.tsv`,
        mode: '100644',
        text: table(random, sizeOf(random, 3000, 1, 60_000)),
      };
    } else if (share < sidecars + events + channels) {
      yield {
        path: `${base}_scans.tsv`,
        mode: '100644',
        text: table(random, sizeOf(random, 600, 0.5, 8000)),
      };
    } else if (share < sidecars + events + channels + long) {
      yield {
        path: `${base}_physio.tsv`,
        mode: '100644',
        text: table(random, sizeOf(random, 40_000, 0.8, 200_000)),
      };
    } else {
      const key = `MD5E-s${random.int(1e5, 1e9)}--${digest('md5', base)}.nii.gz`;
      const text = `../../.git/annex/objects/${random.int(10, 99)}/${random.int(10, 99)}/${key}/${key}`;
      yield { path: `${base}_bold.nii.gz`, mode: '120000', text };
    }
  }
}

/** Packed once, as a host would. @returns the commit */
function build(folder: string, mix: Mix): { commit: string; large: number } {
  const git = gitIn(join(folder, 'ds1.git'));
  git(['init', '--bare', '--quiet', '--initial-branch=main', '.']);
  git(['config', 'uploadpack.allowFilter', 'true']);
  git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  let large = 0;
  const parts = ['commit refs/heads/main\ncommitter A <a@example.org> 0 +0000\ndata 1\nm\n'];
  for (const { path, mode, text } of filesOf(mix)) {
    if (mode !== '120000' && text.length >= 1024) large++;
    parts.push(`M ${mode} inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  }
  git(['fast-import', '--quiet'], parts.join(''));
  git(['repack', '-q', '-a', '-d', '-f', '--window=10', '--depth=50']);
  return { commit: git(['rev-parse', 'main']), large };
}

const [url, commit, limit] = process.argv.slice(2);
if (url !== undefined) {
  console.log(JSON.stringify(await read(url, commit as string, Number(limit))));
} else {
  console.log('| mirror | limit | MB received | kept MB | CPU s | peak MB | wall s | compared |');
  console.log(`|${' --- |'.repeat(8)}`);
  for (const mix of MIXES) await measure(mix);
}

async function inProcess(args: readonly string[]): Promise<Usage> {
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, ...args]);
  return JSON.parse(stdout) as Usage;
}

async function measure(mix: Mix): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mirrorwatch-plain-'));
  const server = await serveGit(folder);
  try {
    const { commit, large } = build(folder, mix);
    const share = ((100 * large) / mix.files).toFixed(0);
    const name = `${number(mix.files)} files, ${share} % plain and of 1,024 bytes and more`;
    const used = new Map<number, Usage[]>(LIMITS.map((bytes) => [bytes, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const bytes of LIMITS) {
        used.get(bytes)?.push(await inProcess([server.url, commit, `${bytes}`]));
      }
    }
    for (const [bytes, runs] of used) {
      const of = (field: keyof Usage, digits: number) => {
        const { median, min, max } = spread(runs.map((run) => run[field]));
        const [middle, least, most] = [median, min, max].map((value) => value.toFixed(digits));
        return least === most ? middle : `${middle} (${least}–${most})`;
      };
      const cells = [of('received', 1), of('kept', 2), of('cpu', 2), of('peak', 0), of('wall', 2)];
      console.log(
        `| ${name} | ${bytes >> 10} KB | ${cells.join(' | ')} | ${of('compared', 1)} % |`,
      );
    }
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
