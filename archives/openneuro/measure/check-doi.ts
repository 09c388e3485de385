// Is the DOI of the latest version findable, and does it lead there? Asks DataCite; writes doi.json
// (docs/checks.md#doi).

import { failed } from '../../../core/failure.ts';
import { askEach } from '../../../core/monitor/ask-each.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import { liveArchive } from '../about-archive.ts';
import { doi as check } from '../checks/doi.ts';
import type { Metadata } from '../documents.ts';
import { EXPORT_URL, MIRROR_URL, REGISTRY_URL } from '../endpoints.ts';
import { archiveLink } from '../links.ts';
import { metadataPath } from '../paths.ts';
import type { Sources } from '../sources.ts';

const OPENNEURO = liveArchive({
  registryUrl: REGISTRY_URL,
  mirrorUrl: MIRROR_URL,
  exportUrl: EXPORT_URL,
});
/** The DOIs are OpenNeuro's, so they lead to its own pages, whichever API address was used. */
const pageOf = (id: string) => archiveLink(OPENNEURO, id);

/** The time that a DOI may take to appear after its snapshot. */
const YOUNG = 3 * 86_400_000;

export const checkDoi = askEach<Sources, typeof check>(check, async (context, { id, version }) => {
  if (version === null) return failed('internal', 'the dataset has no version');
  const doi = `10.18112/openneuro.${id}.v${version}`;
  const answer = await context.dois.readDoi(doi, id, context.signal);
  if (answer.kind === 'failed') return answer;
  const metadata = await readOrNull<Metadata>(context, metadataPath(id, version));
  const made = metadata?.created ?? null;
  return {
    tag: version,
    doi,
    page: `${pageOf(id)}/versions/${version}`,
    ...(answer.kind === 'absent'
      ? { httpStatus: 404 as const, state: null, url: null }
      : { httpStatus: 200 as const, ...answer.value }),
    isYoung: made !== null && context.now().getTime() - Date.parse(made) < YOUNG,
  };
});
