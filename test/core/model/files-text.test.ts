import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBinary, toBinary } from '../../../core/compare/byte-order.ts';
import { filesSchema } from '../../../core/model/documents.ts';
import { encodeFiles } from '../../../core/model/files-text.ts';
import { encodeDocument } from '../../../core/model/json.ts';

const COMMIT = 'c'.repeat(40);

function bothWays(paths: readonly string[], commit: string | null = COMMIT): [string, string] {
  const files = { schemaVersion: '3.0.0', count: paths.length, commit } as const;
  const whole = encodeDocument(filesSchema, { ...files, files: paths.map(fromBinary) });
  return [Buffer.concat([...encodeFiles(files, paths)]).toString(), whole];
}

test.each([
  { name: 'no path', paths: [] },
  { name: 'one path', paths: ['README'] },
  { name: 'paths that JSON escapes', paths: ['a"b', 'a\\b', 'a\nb', '\x7f', '</script>'] },
  { name: 'other alphabets', paths: [toBinary('é'), toBinary('\u{1f9e0}'), toBinary('\u2028')] },
  { name: 'bytes that are no text', paths: ['\xff\xfe', 'a\xe9'] },
])('files.json in pieces is the same document: $name', ({ paths }) => {
  const [pieces, whole] = bothWays(paths);
  expect(pieces).toBe(whole);
  expect(bothWays(paths, null)[0]).toContain('"commit": null');
});

test('files.json in pieces is the same document, whatever the paths', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
  const path = bytes.map((units) => Buffer.from(units).toString('latin1'));
  fc.assert(
    fc.property(fc.array(path, { maxLength: 30 }), (paths) => {
      const [pieces, whole] = bothWays(paths);
      expect(pieces).toBe(whole);
    }),
  );
});

test('no piece of a large one is large', () => {
  const paths = Array.from({ length: 20_000 }, (_, at) => `sub/${String(at).padStart(50, '0')}`);
  const files = { schemaVersion: '3.0.0', count: paths.length, commit: COMMIT } as const;
  const sizes = [...encodeFiles(files, paths)].map((piece) => piece.length);
  expect(Math.max(...sizes)).toBeLessThan(70_000);
  const [pieces, whole] = bothWays(paths);
  expect(pieces).toBe(whole);
});
