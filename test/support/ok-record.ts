// The record of a check that found nothing, unless the test changes it.

import type { Check } from '../../archives/openneuro/vocabulary.ts';
import { type CheckRecord, NO_FACTS } from '../../core/documents/records.ts';

export const RECORDED_AT = '2026-08-01T08:00:00.000Z';

export const okRecord = (check: Check, change: Partial<CheckRecord> = {}): CheckRecord => ({
  dataset: 'ds000001',
  check,
  runStart: RECORDED_AT,
  ...NO_FACTS,
  status: 'ok',
  version: '1.0.1',
  checkedAt: RECORDED_AT,
  lastAttempt: null,
  ...change,
});
