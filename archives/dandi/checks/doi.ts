// Is the DOI of the newest published version findable, and does it lead there? (C24)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { text, warning } from './shapes.ts';

const REGISTER = "Run the archive's task that registers DOIs.";
const FINDINGS = {
  'doi-none': warning(
    'No DOI',
    'The newest published version has no DOI in its metadata, or not the one of its version.',
    REGISTER,
  ),
  'doi-missing': warning(
    'DOI missing',
    'DataCite shows no DOI of the newest published version.',
    REGISTER,
  ),
  'doi-draft': warning(
    'DOI not findable',
    'The DOI of the newest published version is not findable.',
    'Publish the DOI at DataCite.',
  ),
  'doi-elsewhere': warning(
    'DOI leads elsewhere',
    'The DOI of the newest published version leads to another page.',
    'Correct its address at DataCite.',
  ),
};
type Name = keyof typeof FINDINGS;

const evidence = z.object({
  /** The newest published version; null if there is none, and then there is nothing to look up. */
  version: z.string().nullable(),
  /** As the metadata of the version says; null if it does not. */
  doi: text.nullable(),
  /** As it should be. */
  expected: text.nullable(),
  /** DataCite's answer; null if it was not asked. */
  httpStatus: z.union([z.literal(200), z.literal(404)]).nullable(),
  state: text.nullable(),
  url: text.nullable(),
});
type Evidence = z.infer<typeof evidence>;

function judge({ doi, expected, httpStatus, state, url, version }: Evidence): readonly Name[] {
  if (version === null || expected === null) return [];
  if (doi?.toLowerCase() !== expected.toLowerCase()) return ['doi-none'];
  if (httpStatus === 404) return ['doi-missing'];
  const [, id = ''] = /dandi\.(\d{6})\//i.exec(expected) ?? [];
  const page = /^https?:\/\/[^/]+(\/dandiset\/.*?)\/?$/.exec(url ?? '')?.[1];
  const leadsThere = page === `/dandiset/${id}/${version}`;
  return [
    ...(state === 'findable' ? [] : (['doi-draft'] as const)),
    ...(leadsThere ? [] : (['doi-elsewhere'] as const)),
  ];
}

export const doi = defineCheck({
  id: 'doi',
  file: 'doi',
  title: 'The DOI of the newest published version',
  of: 'contents',
  stage: 'check-dois',
  goodForDays: 30,
  words: {
    name: 'DOI',
    asks: 'Is the DOI of the newest published version findable, and does it lead there?',
    ok: 'The DOI is findable and leads to this version, or no version is published.',
  },
  findings: FINDINGS,
  isOfComparisons: true,
  reasons: { embargoed: {} },
  evidence,
  judge: (seen: object) => judge(seen as Evidence),
});
