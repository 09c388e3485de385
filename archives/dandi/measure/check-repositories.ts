// Stage: does GitHub's record of the mirror lead to the dandiset, with a release for each tag? Asks
// GitHub's REST API, with a token only. Writes repository.json.

import { failed } from '../../../core/failure.ts';
import { repository as check } from '../checks/repository.ts';
import { shown, someOf } from '../checks/shapes.ts';
import { inSlices, reason } from './in-slices.ts';

export const checkRepositories = inSlices(
  check,
  async (context, { id, tags }) => {
    const { github: records, organization, signal } = context;
    const name = `${organization}/${id}`;
    const repository = await records.repository(name, signal);
    if (repository.kind === 'failed') return repository;
    if (repository.kind === 'absent') return reason('no-mirror');
    const tagged = (tags?.versions ?? []).filter(({ commit }) => commit !== null);
    const releases = tagged.length === 0 ? null : await records.releases(name, signal);
    if (releases?.kind === 'failed') return releases;
    if (releases?.kind === 'absent') return failed('malformed', 'a repository without releases');
    const withoutRelease = tagged.flatMap(({ version }) =>
      releases?.value.has(version) ? [] : [version],
    );
    const { homepage } = repository.value;
    return {
      kind: 'evidence',
      evidence: {
        homepage: homepage === null ? null : shown(homepage),
        expected: `https://identifiers.org/DANDI:${id}`,
        withoutRelease: someOf(withoutRelease),
      },
    };
  },
  ({ github }) => github.isOpen,
);
