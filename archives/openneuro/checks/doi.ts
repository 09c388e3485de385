// Is the DOI of the latest version findable, and does it lead there? (docs/checks.md#doi)

import * as z from 'zod';
import { tagSchema } from '../../../core/ids.ts';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';

const FINDINGS = {
  'doi-missing': {
    severity: 'warning',
    label: 'DOI missing',
    says: 'DataCite shows no DOI of the latest version.',
    fix: 'Register the DOI at DataCite, or publish its draft.',
    who: 'operators',
  },
  'doi-draft': {
    severity: 'warning',
    label: 'DOI not findable',
    says: 'The DOI of the latest version is not findable.',
    fix: 'Publish the DOI at DataCite.',
    who: 'operators',
  },
  'doi-elsewhere': {
    severity: 'warning',
    label: 'DOI leads elsewhere',
    says: 'The DOI of the latest version leads to another page.',
    fix: 'Correct its address at DataCite.',
    who: 'operators',
  },
} as const satisfies Readonly<Record<string, Finding>>;

/** Text from DataCite; an address is far shorter. */
const text = z.string().max(2048);

const evidence = z.object({
  tag: tagSchema,
  /** The DOI that was asked for. */
  doi: text,
  /** Where it should lead. */
  page: text,
  httpStatus: z.union([z.literal(200), z.literal(404)]),
  /** As DataCite gives them; null if it does not. */
  state: text.nullable(),
  url: text.nullable(),
  /** The snapshot was made less than three days before: its DOI may still come. */
  isYoung: z.boolean(),
});

type Evidence = z.infer<typeof evidence>;

function judge({ httpStatus, state, url, page, isYoung }: Evidence) {
  if (httpStatus === 404) return isYoung ? [] : ['doi-missing' as const];
  const leadsThere = url !== null && sameAddress(url, page);
  return [
    ...(state === 'findable' ? [] : ['doi-draft' as const]),
    ...(leadsThere ? [] : ['doi-elsewhere' as const]),
  ];
}

/** One address may be written in several ways. */
const sameAddress = (a: string, b: string) => usual(a) === usual(b);

function usual(address: string): string {
  const plain = unescaped(address.trim()).toLowerCase();
  return plain.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/+$/, '');
}

function unescaped(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

export const doi = defineCheck({
  id: 'doi',
  file: 'doi',
  title: 'The DOI of the latest version at DataCite',
  of: 'contents',
  stage: 'check-doi',
  goodForDays: 30,
  words: {
    name: 'DOI',
    asks: 'Is the DOI of the latest version findable, and does it lead there?',
    ok: 'The DOI is findable and leads to this version.',
  },
  findings: FINDINGS,
  evidence,
  reasons: { 'doi-expected': {} },
  judge,
  reasonOf: ({ httpStatus, isYoung }: Evidence) =>
    httpStatus === 404 && isYoung ? 'doi-expected' : null,
});
