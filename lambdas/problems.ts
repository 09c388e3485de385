// Problems of a deployment that a run can see: which there are, which stand after a run, and what the
// operator is told when that changes. Each has an entry of its name in docs/runbook.md (a test
// compares the two). This file imports no more than names.

/** What each means, in one sentence for the mail. */
export const PROBLEMS = {
  RunFailed: 'A run over everything ended without a result.',
  PartialRunFailed: 'A run over a part ended without a result.',
  PublishHeld: 'A run was not published, because too much changed at once.',
  RegistryShrank: 'The registry lost more datasets than is believable, and the run stopped.',
  RegistryStale:
    'The registry cannot be read, and its list is, or will be, more than 26 hours old.',
  ArchiveOutgrown: 'The archive has more datasets than the stack is sized for.',
  TokenRefused: 'The GitHub token does not work; mirrors are checked without it.',
  ReadersDisagree: 'Two readers of git see one mirror differently, so one of them is wrong.',
  ManyUnverified: 'More than 5 % of the datasets could not be measured in the newest attempt.',
  FunctionsDied: 'Functions died while they measured.',
  ShardsLost: 'Functions died again and again, and what they had left was not measured.',
  LowCoverage: 'Less than 95 % of the datasets were measured.',
  OldVerdicts: 'A dataset could not be measured for more than a week.',
  ChangesUntold: 'A channel did not take the messages about what changed.',
  SiteUnreachable: 'A visitor of the site does not get what was published.',
} as const;
export type Problem = keyof typeof PROBLEMS;

/**
 * What a run says about problems: a sentence about one that there is, null for one that there is not.
 * A problem that it could not look at is left out, and stays as it was.
 */
export type Findings = { readonly [P in Problem]?: string | null | undefined };

/** The problems that stand, each with a sentence, by name. Kept in the records of runs. */
export type Standing = Readonly<Record<string, string>>;

/** A problem that only an older version looked for is over. */
export function standingAfter(before: Standing, findings: Findings): Standing {
  const names = Object.keys(PROBLEMS) as Problem[];
  const now = names.map((name) => {
    const said = findings[name];
    return [name, said === undefined ? (before[name] ?? null) : said] as const;
  });
  return Object.fromEntries(now.filter((one): one is [Problem, string] => one[1] !== null));
}

export interface Mail {
  /** At most 100 characters of ASCII (SNS, `Publish`). */
  readonly subject: string;
  readonly text: string;
}

/** What to tell when other problems stand than before; null when they are the same. */
export function mailOf(stack: string, before: Standing, now: Standing): Mail | null {
  const began = Object.keys(now).filter((name) => before[name] === undefined);
  const over = Object.keys(before).filter((name) => now[name] === undefined);
  const stays = Object.keys(now).filter((name) => before[name] !== undefined);
  if (began.length + over.length === 0) return null;
  const what = [
    ...(began.length > 0 ? [`ALARM ${began.join(', ')}`] : []),
    ...(over.length > 0 ? [`OK ${over.join(', ')}`] : []),
  ];
  const lines = [
    ...began.map((name) => `ALARM ${name}\n${about(name, now)}`),
    ...over.map((name) => `OK ${name}\nThis problem is over.`),
    ...(stays.length > 0 ? [`Still: ${stays.join(', ')}.`] : []),
  ];
  return { subject: `${stack}: ${what.join('; ')}`.slice(0, 100), text: `${lines.join('\n\n')}\n` };
}

const about = (name: string, now: Standing): string =>
  `${PROBLEMS[name as Problem]}\n${now[name]}\nWhat to do: docs/runbook.md, ${name}.`;
