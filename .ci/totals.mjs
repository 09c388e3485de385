// Adds up the reports of a folder (JSON of vitest; text whose last line counts) and the steps beside
// them, and prints the gate's last line; above it, every test that failed with the beginning of why: of a long output often only the end is
// kept. A suite whose run failed without a failing test (it did not start, a file broke) stays a
// failure, because its step counts as one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', passedSteps = '0', failedSteps = '0'] = process.argv.slice(2);
const REASON_LINES = 12;
const REASON_LENGTH = 1500;

const total = { passed: Number(passedSteps), failed: Number(failedSteps), skipped: 0 };
const failures = [];
for (const name of readdirSync(folder)) {
  if (name.endsWith('.txt')) {
    addText(name.replace('.txt', ''), readFileSync(join(folder, name), 'utf8'));
    continue;
  }
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  failures.push(...report.testResults.flatMap(failuresOf));
  console.log(
    `${name.replace('.json', '')}: ${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped`,
  );
}
for (const failure of failures) console.log(failure);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);

/** A run that counts itself: `N passed, N failed`, perhaps with `, N skipped`, at its end. */
function addText(name, text) {
  const lines = text.trimEnd().split('\n');
  const [, passed, failed, skipped = '0'] =
    /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(lines.at(-1)) ?? [];
  if (passed === undefined) {
    total.failed += 1;
    failures.push(`FAILED ${name}: it ended without counting\n  ${lines.at(-1)}`);
    return;
  }
  total.passed += Number(passed);
  total.failed += Number(failed);
  total.skipped += Number(skipped);
  failures.push(
    ...lines
      .filter((line) => /^( *FAIL |\^\^)/.test(line))
      .map((line) => `FAILED ${name}: ${line.trim()}`),
  );
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
}

/** A file's failed tests, or the file itself where it broke before any test. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = name.slice(process.cwd().length + 1);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length > 0) {
    return failed.map((test) => told(`${file}: ${test.fullName}`, test.failureMessages.join('\n')));
  }
  return status === 'failed' ? [told(file, message)] : [];
}

function told(what, why) {
  const lines = why
    .slice(0, REASON_LENGTH)
    .split('\n')
    .filter((line) => !line.includes('/node_modules/'))
    .slice(0, REASON_LINES);
  return [`FAILED ${what}`, ...lines.map((line) => `  ${line}`)].join('\n');
}
