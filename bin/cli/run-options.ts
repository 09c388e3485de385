// The options of `run`, and of the commands that run one stage. A stage has only those that change
// something in it, so that its help is short.

import { type Command, Option } from 'commander';
import { SAMPLES } from '../../archives/samples.ts';
import { DEFAULT_LABEL, DIGESTS, NOTIFY_FROM } from '../../core/history/settings.ts';
import {
  type Archive,
  FIRST_STAGE,
  isOfArchive,
  LAST_STAGE,
  optionalNames,
  servedBy,
} from '../../core/monitor/archive.ts';
import { addExitCodes, addText } from './help.ts';
import { RUN_DEFAULTS, SAMPLE, SECRET_VARIABLE, sampleOf } from './options.ts';
import { archiveOption, datasetsOption, folderOption, strictOption } from './program-options.ts';
import {
  parseAddress,
  parseDuration,
  parseFile,
  parseFolder,
  parseLabel,
  parseNames,
  parseText,
  parseWebhook,
  parseWhole,
} from './values.ts';

/** What a stage does, as far as options depend on it. */
interface Traits {
  /** Places of the archives that it requests. */
  readonly asks: ReadonlySet<string>;
  readonly checks: readonly string[];
  readonly readsRegistry: boolean;
  /** It goes through the entries, so some of them can be chosen. */
  readonly hasEntries: boolean;
  readonly measures: boolean;
  readonly comparesFiles: boolean;
  readonly publishes: boolean;
}

/** @param stage null for a run of several */
function traitsOf(archives: readonly Archive[], stage: string | null): Traits {
  const measurements = archives.flatMap((archive) =>
    archive.measurements
      .filter(({ id }) => stage === null || id === stage)
      .map(({ id, asks, keepsTrees }) => ({ archive, id, asks, keepsTrees })),
  );
  const readsRegistry = stage === null || stage === FIRST_STAGE;
  const publishes = stage === null || stage === LAST_STAGE;
  const optional = new Set(archives.flatMap(optionalNames));
  const served = measurements.flatMap(({ archive, id }) => servedBy(archive, id));
  return {
    asks: new Set([
      ...measurements.flatMap(({ asks }) => asks),
      // The first place of an archive is that of its list; a second look reads mirrors.
      ...archives.flatMap(({ places, secondLook }) => [
        ...(readsRegistry ? Object.keys(places).slice(0, 1) : []),
        ...(publishes && secondLook ? ['mirror'] : []),
      ]),
    ]),
    checks: publishes ? [...optional] : served.filter((check) => optional.has(check)),
    readsRegistry,
    hasEntries: readsRegistry || measurements.some(({ archive, id }) => !isOfArchive(archive, id)),
    measures: measurements.length > 0,
    comparesFiles: measurements.some(({ keepsTrees }) => keepsTrees),
    publishes,
  };
}

/** Headings of the help of `run`; a stage has too few options for them. */
export const WHAT = 'What to check:';
const WHERE = 'Where to look:';
const RESULTS = 'Results:';
const RULES = 'When to publish:';
const MESSAGES = 'Page and messages:';

/**
 * @param stage of a command that runs one stage; null for all of them
 * @param example its arguments
 */
export function runOptions(
  command: Command,
  archives: readonly Archive[],
  stage: string | null,
  example: string,
): Command {
  const traits = traitsOf(archives, stage);
  const add = (heading: string, options: readonly (Option | false)[]) => {
    for (const option of options) {
      if (option) command.addOption(stage === null ? option.helpGroup(heading) : option);
    }
  };
  add(WHAT, entriesOptions(archives, traits));
  add(WHERE, [
    archiveOption(archives, samplesOf(archives)),
    ...placeOptions(archives, traits),
    ...sourceOptions(traits),
  ]);
  if (traits.measures) add(WHAT, choiceOptions(archives));
  add(RULES, ruleOptions(traits));
  add(RESULTS, resultOptions());
  if (traits.publishes) add(MESSAGES, messageOptions());
  if (stage === null) {
    command.addHelpOption(new Option('-h, --help', 'display help for command').helpGroup(RESULTS));
  } else {
    addText(
      command,
      'For an archive at other addresses give each stage all of them (run --help), as options or in the environment.',
    );
  }
  const tokens = tokensText(archives, traits);
  if (tokens !== null) addText(command, tokens);
  return addExitCodes(
    command,
    {
      0: stage === null || traits.publishes ? 'published, whatever the verdicts say' : 'done',
      1: `it could not run${traits.publishes ? ', or publishing was held' : ''} (it says why)`,
      2: `not understood${traits.hasEntries ? ', or the registry has none of the datasets' : ''}`,
      130: 'interrupted; the same command goes on from there',
    },
    example,
  );
}

function entriesOptions(archives: readonly Archive[], traits: Traits): (Option | false)[] {
  const { hasEntries, measures, comparesFiles, checks } = traits;
  const names = [...new Set(checks)].join(', ');
  return [
    hasEntries && datasetsOption(archives),
    hasEntries && strictOption(),
    hasEntries &&
      new Option('--max-datasets <n>', 'only the first n').argParser(parseWhole(1, 1_000_000)),
    // Of a single check there is nothing to choose.
    checks.length > 1 &&
      new Option(
        '--checks <names>',
        `only these of ${names}; the other checks are always made`,
      ).argParser(parseNames(`Give checks of ${names}.`)),
    measures && new Option('--force', 'measure everything again, also what has not changed'),
    comparesFiles &&
      new Option(
        '--max-age <duration>',
        'do not compare files again within this time (90s, 15m, 6h, 7d; default: 0)',
      ).argParser(parseDuration),
    hasEntries &&
      new Option(
        '--concurrency <n>',
        `datasets in work at once in each stage (default: ${RUN_DEFAULTS.concurrency})`,
      ).argParser(parseWhole(1, 256)),
  ];
}

/**
 * Options for the places of all archives; if two archives share a place, the first describes it.
 * All stages take all of them, since a folder belongs to one set of addresses; the help of a stage
 * shows those that it asks.
 */
function placeOptions(archives: readonly Archive[], { asks }: Traits): Option[] {
  const places = new Map(
    archives.toReversed().flatMap((archive) => Object.entries(archive.places)),
  );
  return [...places].map(([place, { what, url }]) => {
    const option = new Option(`--${place}-url <url>`, `address of the ${what} (default: ${url})`)
      .env(`MIRRORWATCH_${place.toUpperCase()}_URL`)
      .argParser(parseAddress);
    return asks.has(place) ? option : option.hideHelp();
  });
}

/** Options of single archives; if two have the same, the first describes it. */
function choiceOptions(archives: readonly Archive[]): Option[] {
  const choices = new Map(
    archives
      .toReversed()
      .flatMap(({ id, choices = {} }) =>
        Object.entries(choices).map(([name, choice]) => [name, { id, ...choice }] as const),
      ),
  );
  return [...choices].map(([name, { id, what, values }]) =>
    new Option(`--${name} <${name}>`, `${what}; of ${id} only (default: ${values[0]})`).choices(
      values,
    ),
  );
}

function sourceOptions({ asks, readsRegistry }: Traits): (Option | false)[] {
  return [
    asks.has('mirror') &&
      new Option(
        '--mirror-absent <text>',
        'what the host of the mirrors says, with 401 or 404, of a repository that is not there (default: the texts of GitHub and git)',
      )
        .env('MIRRORWATCH_MIRROR_ABSENT')
        .argParser(parseText),
    readsRegistry &&
      new Option(
        '--page-size <n>',
        `datasets per page of the registry (default: ${RUN_DEFAULTS.pageSize})`,
      ).argParser(parseWhole(1, 1000)),
    asks.size > 0 &&
      new Option('--contact-url <url>', 'who runs this; named in the User-Agent')
        .env('MIRRORWATCH_CONTACT_URL')
        .argParser(parseAddress),
    new Option(
      '--from <folder>',
      'replay a recorded export tree as the sample archive, instead of the generated one',
    )
      .argParser(parseFolder)
      .implies({ archive: SAMPLE }),
  ];
}

/** What `--archive` may say besides ids. */
const samplesOf = (archives: readonly Archive[]): string[] =>
  archives.filter(({ id, isAtRoot }) => isAtRoot || Object.hasOwn(SAMPLES, id)).map(sampleOf);

function ruleOptions({
  measures,
  hasEntries,
  publishes,
  readsRegistry,
}: Traits): (Option | false)[] {
  return [
    readsRegistry && new Option('--accept-shrink', 'accept a registry that lost many datasets'),
    (readsRegistry || publishes) &&
      new Option(
        '--registry-days <n>',
        `days for which the registry may be unreadable before the exit code is 1 (default: ${RUN_DEFAULTS.registryDays})`,
      )
        .env('MIRRORWATCH_REGISTRY_DAYS')
        .argParser(parseWhole(0, 365)),
    measures &&
      hasEntries &&
      new Option(
        '--new-dataset-days <n>',
        `days that the copies of a new dataset may take before they count as missing (default: ${RUN_DEFAULTS.newDatasetDays}); 0 for none`,
      ).argParser(parseWhole(0, 365)),
    publishes &&
      new Option(
        '--second-readings <n>',
        `mirrors of the day's sample that a second reader of git reads as well (default: ${RUN_DEFAULTS.secondReadings}); 0 for none`,
      ).argParser(parseWhole(0, 1000)),
    publishes &&
      new Option('--publish-anyway', 'publish although too much changed or could not be measured'),
  ];
}

const resultOptions = (): Option[] => [
  folderOption(
    'folder for the results of all archives (default: data/; of the sample sample-data/, of a replay replay-data/)',
  ),
  new Option('--dry-run', 'write nothing, but say what would be written'),
  new Option('--validate', 'check every document after the run'),
  new Option('--json', 'log lines as JSON on stderr, the outcome as JSON on stdout'),
  new Option('-v, --verbose', 'say more, and where in the code something broke'),
];

const messageOptions = (): Option[] => [
  new Option('--site-url <url>', 'where readers open the page; feeds and messages link to it')
    .env('MIRRORWATCH_SITE_URL')
    .argParser(parseAddress),
  new Option(
    '--badge-label <text>',
    `left half of the badges (default: ${DEFAULT_LABEL})`,
  ).argParser(parseLabel),
  new Option(
    '--notify <file>',
    'append each message about new and fixed faults to this file, a line of JSON each',
  ).argParser(parseFile),
  new Option('--webhook-url <url>', `send each message there, signed with ${SECRET_VARIABLE}`)
    .env('MIRRORWATCH_WEBHOOK_URL')
    .argParser(parseWebhook),
  new Option(
    '--notify-from <status>',
    `the least status that counts as a fault (default: ${RUN_DEFAULTS.notifyFrom})`,
  ).choices(NOTIFY_FROM),
  new Option(
    '--digest <how often>',
    `a message about everything that changed (default: ${RUN_DEFAULTS.digest})`,
  ).choices(DIGESTS),
];

/** Null if the stage sends none. */
function tokensText(archives: readonly Archive[], { asks }: Traits): string | null {
  const tokens = archives.flatMap(({ places }) =>
    Object.entries(places).flatMap(([place, { token }]) =>
      token === undefined || !asks.has(place) ? [] : [`${token} to the ${place}`],
    ),
  );
  if (tokens.length === 0) return null;
  return `Public data needs no token. One in the environment is sent to its place only: ${tokens.join(', ')}.`;
}
