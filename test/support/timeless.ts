// A run's output without its times, for comparing the results of two runs.

import { CHECKS } from '../../archives/openneuro/vocabulary.ts';

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/g;
/** An instant as the plain page writes it. */
const MOMENT = /\b\d{4}-\d\d-\d\d \d\d:\d\d UTC\b/g;
/** The compact summary gives times as ages, one list per check. */
const AGES = new RegExp(`"(${CHECKS.join('|')})": \\[[-\\d.,null\\s]+\\]`, 'g');
const DURATION = /"durationSeconds": [\d.]+/g;

/**
 * The text of a document or page. Instants before `since` (ISO 8601) stay: those are the archive's
 * own, years old, and are facts.
 */
export function withoutTimes(text: string, since = '2026-01-01'): string {
  // To the minute, which is all that a page shows.
  const minute = (instant: string): string => instant.replace(' ', 'T').slice(0, 16);
  const mask = (all: string): string => (minute(all) >= minute(since) ? '<time>' : all);
  return text
    .replaceAll(INSTANT, mask)
    .replaceAll(MOMENT, mask)
    .replaceAll(AGES, '"$1": <ages>')
    .replaceAll(DURATION, '"durationSeconds": <time>');
}
