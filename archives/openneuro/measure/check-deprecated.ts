// Is the latest version deprecated? Asks the registry; writes deprecated.json
// (docs/checks.md#deprecation).

import { failed } from '../../../core/failure.ts';
import { askEach } from '../../../core/monitor/ask-each.ts';
import { deprecated as check, MAX_REASON_LENGTH } from '../checks/deprecated.ts';
import type { Sources } from '../sources.ts';

export const checkDeprecated = askEach<Sources, typeof check>(
  check,
  async ({ registry, signal }, { id, version }) => {
    if (version === null) return failed('internal', 'the dataset has no version');
    const answer = await registry.askDeprecation(id, version, signal);
    if (answer.kind === 'failed') return answer;
    const reason = answer.value?.reason?.slice(0, MAX_REASON_LENGTH).toWellFormed();
    return {
      tag: version,
      deprecated: answer.value !== null,
      reason: reason ?? null,
    };
  },
);
