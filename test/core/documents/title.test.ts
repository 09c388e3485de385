// A title is its uploader's text: one line, and not too long.

import { expect, test } from 'vitest';
import { titleOf } from '../../../core/documents/title.ts';

test.each([
  ['Visual object recognition', 'Visual object recognition'],
  ['  Ein  Titel – mit Umlauten: äöü ', 'Ein  Titel – mit Umlauten: äöü'],
  ['two\r\nlines\tand a tab', 'two lines and a tab'],
  ['\u001b[31mred\u001b[0m\u0007', '[31mred [0m'],
  ['a\u2028b\u2029c\u0085d', 'a b c d'],
  ['half \ud83e of a brain', 'half   of a brain'],
  ['\u202eexe.gnp', '\u202eexe.gnp'],
  ['\0\n', ''],
])('%j is shown as %j', (text, title) => {
  expect(titleOf(text)).toBe(title);
  expect(titleOf(title)).toBe(title);
});

test.each([
  ['letters', 'a'.repeat(301)],
  ['a million letters', 'a'.repeat(1_000_000)],
  ['brains, of two units each', '\u{1f9e0}'.repeat(301)],
  ['brains, and half of one where it is cut', `a${'\u{1f9e0}'.repeat(900)}`],
  ['controls that hide the rest', `a${'\n'.repeat(2000)}b`],
])('%s: at most 300 characters, and it says that there were more', (_, text) => {
  const title = titleOf(text);
  expect([...title].length).toBeLessThanOrEqual(300);
  expect(title.endsWith('…')).toBe(true);
  expect(title).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  expect(titleOf(title)).toBe(title);
});

test('300 characters are shown whole', () => {
  expect(titleOf('\u{1f9e0}'.repeat(300))).toBe('\u{1f9e0}'.repeat(300));
});
