import { describe, expect, test } from 'vitest';
import { changelogEntry } from '../../scripts/changelog-entry.ts';

const CHANGELOG = `# Changelog

Words.

## Unreleased

- New.

## 1.2.0 (2026-11-27)

- Second.

### Fixed

- A fault.

## 1.1.0

- First.
`;

describe('the entry of a version in the changelog', () => {
  test('is what stands between its heading and the next', () => {
    expect(changelogEntry(CHANGELOG, 'v1.2.0', '1.2.0')).toBe(
      '- Second.\n\n### Fixed\n\n- A fault.',
    );
    expect(changelogEntry(CHANGELOG, '1.1.0', '1.1.0')).toBe('- First.');
  });

  test.each([
    ['of a version without an entry', 'v1.2.1', '1.2.1', 'no entry for 1.2.1'],
    ['of the beginning of a version', 'v1.2', '1.2', 'no entry for 1.2'],
    ['of another version than the package has', 'v1.2.0', '1.3.0', 'package.json says 1.3.0'],
  ])('%s is refused', (_, tag, packaged, why) => {
    expect(() => changelogEntry(CHANGELOG, tag, packaged)).toThrow(why);
  });
});
