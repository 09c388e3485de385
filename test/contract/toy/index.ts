// The smallest possible archive, as docs/adding-an-archive.md shows it: a list of entries without
// versions, a copy of each, and two checks, one of them on the archive as a whole.

import * as z from 'zod';
import { type Failed, failed, type Seen, seen } from '../../../core/failure.ts';
import type { HttpClient } from '../../../core/http.ts';
import type { Archive, Measurement } from '../../../core/monitor/archive.ts';
import { askEach, type ListedEntry } from '../../../core/monitor/ask-each.ts';
import { defineCheck } from '../../../core/monitor/check.ts';

interface Sources {
  readonly toys: {
    list(): Promise<Seen<Listed> | Failed>;
    copy(id: string): Promise<Seen<Copy> | Failed>;
  };
}
type Listed = z.infer<typeof listSchema>;
interface Copy {
  readonly httpStatus: number;
  readonly text: string | null;
}

const listSchema = z.object({
  count: z.int().nonnegative(),
  toys: z.array(z.object({ id: z.string(), name: z.string() })),
});
const MAX_BYTES = 1 << 20;

const copyCheck = defineCheck({
  id: 'copy',
  file: 'copy',
  title: 'The copy of a toy',
  of: 'names',
  stage: 'check-copies',
  words: {
    name: 'Copy',
    asks: 'Is there a copy of it, with the same name?',
    ok: 'The copy has the name that the list gives.',
  },
  findings: {
    'copy-missing': {
      severity: 'error',
      label: 'Copy missing',
      says: 'There is no copy of this toy.',
      fix: 'Copy it.',
      who: 'operators',
    },
    'copy-differs': {
      severity: 'warning',
      label: 'Copy differs',
      says: 'The copy has another name than the list.',
      fix: 'Copy it again.',
      who: 'operators',
    },
  },
  evidence: z.object({ httpStatus: z.int(), text: z.string().nullable() }),
  judge(evidence: object, entry: unknown) {
    const { httpStatus, text } = evidence as Copy;
    if (httpStatus === 404) return ['copy-missing'];
    return text === (entry as ListedEntry | null)?.name ? [] : ['copy-differs'];
  },
  // The evidence does not contain the name.
  byEntry: (evidence: object) => ((evidence as Copy).httpStatus === 404 ? [] : ['copy-differs']),
});

const listCheck = defineCheck({
  id: 'list',
  file: 'list',
  title: 'The list of toys, counted',
  scope: 'archive',
  of: 'names',
  stage: 'check-list',
  words: {
    name: 'List',
    asks: 'Does the list show as many toys as it counts?',
    ok: 'The list shows as many toys as it counts.',
  },
  findings: {
    'list-short': {
      severity: 'warning',
      label: 'List too short',
      says: 'The list shows fewer toys than it counts.',
      fix: 'Make the list again.',
      who: 'operators',
    },
  },
  evidence: z.object({ counted: z.int(), shown: z.int() }),
  judge(evidence: object) {
    const { counted, shown } = evidence as { counted: number; shown: number };
    return shown < counted ? ['list-short'] : [];
  },
});

const WORKERS = { most: 1, entriesAtOnce: 4, memory: 512 };
const MEASUREMENTS: readonly Measurement<Sources>[] = [
  {
    id: 'check-copies',
    does: 'compare the copies with the list',
    needs: [],
    share: 100,
    workers: WORKERS,
    kinds: ['copy'],
    asks: ['copies'],
    run: askEach(copyCheck, async ({ toys }: Sources, { id }) => {
      const copy = await toys.copy(id);
      return copy.kind === 'failed' ? copy : copy.value;
    }),
  },
  {
    id: 'check-list',
    does: 'count the list',
    needs: ['check-copies'],
    share: 1,
    workers: WORKERS,
    kinds: ['list'],
    asks: ['list'],
    run: askEach(listCheck, async ({ toys }: Sources) => {
      const list = await toys.list();
      if (list.kind === 'failed') return list;
      return { counted: list.value.count, shown: list.value.toys.length };
    }),
  },
];

export const toy: Archive<Sources> = {
  id: 'toy',
  words: { title: 'Toys', entry: 'toy', examples: ['bear', 'robot'] },
  checks: [copyCheck],
  wholeChecks: [listCheck],
  documents: {
    types: {},
    fieldWords: async () => ({
      httpStatus: 'HTTP status of the copy.',
      text: 'The name in the copy; null if there is no copy.',
      counted: 'How many toys the list says it has.',
      shown: 'How many toys the list shows.',
    }),
  },
  causes: [],
  reasons: {},
  rules: 1,
  isId: (text) => /^[a-z]{1,20}$/.test(text),
  places: {
    list: { url: 'https://toys.example.org/list.json', what: 'list of toys' },
    copies: { url: 'https://copies.example.org', what: 'copies, to which /{id} is added' },
  },
  limits: {},
  open: ({ http, addresses }) => ({ toys: openToys(http, addresses) }),
  describe: ({ list = null }) => ({
    ...{
      id: 'toy',
      name: 'Toys',
      origin: 'live',
      registryUrl: list,
      mirrorUrl: null,
      exportUrl: null,
    },
  }),
  entries: ({ toys }) => ({
    async *pages() {
      const list = await toys.list();
      if (list.kind === 'failed') return yield list;
      const entries = list.value.toys.map((one) => ({ ...one, version: null, skipped: null }));
      yield seen({ entries, broken: [], count: entries.length, notes: [] });
    },
  }),
  keeps: [],
  measurements: MEASUREMENTS,
  compareVersions: () => 0,
  link: () => null,
  lookups: [],
};

function openToys(http: HttpClient, { list = '', copies = '' }: Readonly<Record<string, string>>) {
  const get = (kind: string, url: string, about?: string) =>
    http.request({ kind, method: 'GET', url, about, maxBytes: MAX_BYTES });
  return {
    async list(): Promise<Seen<Listed> | Failed> {
      const answer = await get('list', list);
      if (answer.kind === 'failed') return answer;
      if (answer.status !== 200) return failed('malformed', `HTTP ${answer.status}`);
      const read = z
        .string()
        .transform(parseJson)
        .pipe(listSchema)
        .safeParse(answer.body.toString());
      return read.success ? seen(read.data) : failed('malformed', 'no list of toys');
    },
    async copy(id: string): Promise<Seen<Copy> | Failed> {
      const answer = await get('copy', `${copies}/${id}`, id);
      if (answer.kind === 'failed') return answer;
      const text = answer.status === 200 ? answer.body.toString() : null;
      if (text === null && answer.status !== 404)
        return failed('malformed', `HTTP ${answer.status}`);
      return seen({ httpStatus: answer.status, text });
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
