// The metadata of a version in a form that does not depend on how it was written, as a hash: the
// content may be personal and is never kept.

import { hash } from 'node:crypto';
import { compareBytes } from '../../../core/compare/byte-order.ts';
import type { Metadata } from '../sources/registry-answers.ts';

/** Its year moves. */
const IGNORED = 'citation';

/** Of the registry's document. */
export function metadataDigest(metadata: Metadata): string {
  const { [IGNORED]: _, ...compared } = metadata;
  return hash('sha256', canonical(compared));
}

/** Of `dandiset.yaml`; null if it is no mapping. YAML 1.2: dates and versions stay text. */
export async function yamlDigest(text: string): Promise<string | null> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text, { schema: 'core', version: '1.2', logLevel: 'silent' });
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return metadataDigest(value as Metadata);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => compareBytes(a, b));
  return `{${fields.map(([name, of]) => `${JSON.stringify(name)}:${canonical(of)}`).join(',')}}`;
}

const ACCESS: Readonly<Record<string, 'open' | 'embargoed'>> = {
  'dandi:OpenAccess': 'open',
  'dandi:EmbargoedAccess': 'embargoed',
};

/** What the metadata says of the embargo; null if it says nothing that we know. */
export function accessOf({ access }: Metadata): 'open' | 'embargoed' | null {
  const [first] = Array.isArray(access) ? access : [];
  const status = (first as { status?: unknown } | undefined)?.status;
  return typeof status === 'string' ? (ACCESS[status] ?? null) : null;
}
