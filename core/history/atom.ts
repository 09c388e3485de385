// Feeds (RFC 4287). Pure: the same entries give the same bytes.

import { xmlText } from './xml.ts';

export interface Feed {
  readonly id: string;
  readonly title: string;
  /** For people who must know more about all of it; null if there is nothing to know. */
  readonly subtitle: string | null;
  /** Used if there is no entry (ISO 8601). */
  readonly begun: string;
  /** Addresses of the feed itself, and of the page about the same. */
  readonly self: string;
  readonly page: string;
  /** Newest first. */
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly id: string;
  readonly title: string;
  /** ISO 8601. An entry is never edited. */
  readonly at: string;
  readonly categories: readonly string[];
  readonly page: string;
  readonly sentences: readonly string[];
}

const MOST_TITLE = 200;

export function atomFeed({ id, title, subtitle, begun, self, page, entries }: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <id>${xmlText(id)}</id>`,
    `  <title>${xmlText(cut(title))}</title>`,
    ...(subtitle === null ? [] : [`  <subtitle>${xmlText(subtitle)}</subtitle>`]),
    `  <updated>${entries[0]?.at ?? begun}</updated>`,
    '  <author><name>Mirrorwatch</name></author>',
    `  <link rel="self" type="application/atom+xml" href="${xmlText(self)}"/>`,
    `  <link rel="alternate" type="text/html" href="${xmlText(page)}"/>`,
    ...entries.flatMap(entryLines),
    '</feed>',
    '',
  ].join('\n');
}

function entryLines({ id, title, at, categories, page, sentences }: Entry): string[] {
  return [
    '  <entry>',
    `    <id>${xmlText(id)}</id>`,
    `    <title>${xmlText(cut(title))}</title>`,
    `    <published>${at}</published>`,
    `    <updated>${at}</updated>`,
    ...categories.map((term) => `    <category term="${xmlText(term)}"/>`),
    `    <link rel="alternate" type="text/html" href="${xmlText(page)}"/>`,
    `    <content type="text">${xmlText(sentences.join(' '))}</content>`,
    '  </entry>',
  ];
}

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= MOST_TITLE
    ? text
    : `${characters.slice(0, MOST_TITLE - 1).join('')}…`;
}
