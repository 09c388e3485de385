// The table of addresses in docs/data.md, from the address book of an archive.

import { addressesOf } from '../core/documents/address-book.ts';
import { LIFETIMES, PLACEHOLDERS } from '../core/documents/lifetimes.ts';
import type { DocumentSource } from '../core/documents/tree.ts';

const BEGIN = '<!-- npm run schema writes what follows -->';
const END = '<!-- to here -->';

/** The text of docs/data.md with today's tables. @throws Error if it has no place for them */
export function withTables(text: string, archive: DocumentSource): string {
  const before = text.indexOf(BEGIN);
  const after = text.indexOf(END);
  if (before < 0 || after < before) throw new Error(`no ${BEGIN} … ${END}`);
  return `${text.slice(0, before)}${BEGIN}\n\n${tables(archive)}\n\n${text.slice(after)}`;
}

function tables(archive: DocumentSource): string {
  // Each schema is beside what it is of.
  const addresses = addressesOf(archive).filter(({ address }) => !address.startsWith('schema/'));
  return [
    '| address below `data/` | what | schema or media type | stays |',
    '|---|---|---|---|',
    ...addresses.map(
      ({ address, title, schema, mediaType, stays }) =>
        `| \`${address}\` | ${title} | ${schema === null ? mediaType : `\`${schema}\``} | ${stays} |`,
    ),
    '',
    ...table('in an address', 'stands for', PLACEHOLDERS, (name) => `\`{${name}}\``),
    '',
    ...table('stays', 'means', LIFETIMES, (name) => name),
  ].join('\n');
}

const table = (
  left: string,
  right: string,
  rows: Readonly<Record<string, string>>,
  show: (name: string) => string,
): string[] => [
  `| ${left} | ${right} |`,
  '|---|---|',
  ...Object.entries(rows).map(([name, text]) => `| ${show(name)} | ${text} |`),
];
