// What the data of the page costs: the summary is read, made compact where the core knows how, and
// read back as the page does it.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Summary } from '../../core/model/documents.ts';

const CORE = join(import.meta.dirname, '../../core/model');

interface Compact {
  compactSummary(summary: Summary): Map<string, unknown>;
}
interface CompactReader {
  readCompact(document: unknown): {
    readonly columns: { readonly id: readonly string[] };
    row(place: number): unknown;
  };
}

const [file = ''] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const summary = JSON.parse(text) as Summary;
const facts: Record<string, number> = {
  rows: summary.datasets.length,
  bytes: Buffer.byteLength(text),
};
if (existsSync(join(CORE, 'compact.js'))) {
  const { compactSummary } = (await import(join(CORE, 'compact.js'))) as Compact;
  const { readCompact } = (await import(join(CORE, 'compact-read.js'))) as CompactReader;
  const parts = [...compactSummary(summary).values()].map((part) => JSON.stringify(part));
  facts.rows = 0;
  for (const part of parts) {
    const { columns, row } = readCompact(JSON.parse(part));
    // Every row, as a page does that sorts by what only rows have.
    for (let place = 0; place < columns.id.length; place += 1) row(place);
    facts.rows += columns.id.length;
  }
  facts.compactBytes = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  facts.compactGzipBytes = parts.reduce((sum, part) => sum + gzipSync(part).length, 0);
}
process.stdout.write(JSON.stringify(facts));
