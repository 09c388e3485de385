// docs/checks.md names every word that a check may use.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  CAUSES,
  LEFTOVER_STATES,
  NOT_CHECKED_REASONS,
  SEVERITY,
  SUBTYPES,
} from '../../../archives/openneuro/vocabulary.ts';
import { PENDING_REASONS } from '../../../core/documents/vocabulary.ts';
import { FAILURE_REASONS } from '../../../core/failure.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/checks.md'), 'utf8');

test.each(SUBTYPES)('%s stands in a table beside its status', (subtype) => {
  const row = new RegExp(`^\\|.*\\| ${SEVERITY[subtype]}[ ,].*\`${subtype}\`.*\\|$`, 'm');
  expect(text).toMatch(row);
});

test.each([
  ...CAUSES,
  ...NOT_CHECKED_REASONS,
  ...PENDING_REASONS,
  ...LEFTOVER_STATES,
  ...FAILURE_REASONS,
])('%s is spoken of', (word) => {
  expect(text).toMatch(new RegExp(`[\`']${word}['\`]`));
});
