// What each field of the history's documents is (core/documents/field-words.ts).

import type { FieldWords } from '../documents/field-words.ts';

const PLACES = 'By place, how long snapshots took to arrive there.';
const SNAPSHOTS = 'Number of snapshots that are counted.';
const SEEN = 'By place, the start of the run that saw it there first, in UTC.';
const CHECK = 'The check; overall is the dataset as a whole.';
const FROM =
  'Its verdict as told before, or before the fault; null if it is as old as the dataset.';
const TO = 'Its verdict now; null if it is no longer made.';
const SINCE = 'When that verdict was first measured, in UTC; null if before the first run.';

export const HISTORY_WORDS: FieldWords = {
  // Runs, and the months made from them
  number: 'Counts the publications, from 1.',
  until: 'The newest measurement that it shows, in UTC; null if there was none.',
  'history-runs:run':
    'Start of the run, in UTC; it names the run. When it was published again, the time of that.',
  'history-runs:rulesVersion':
    'Number of the oldest rules that judged one of its rows; null if they had none.',
  replaces: 'Runs with the same number that were cut off and do not count.',
  precision:
    'Strips have its minute, since runs are more often than daily; absent if they have its day.',
  origin:
    'Where it comes from: recorded documents (import), or these with their numbers alone (start-up). Absent if a run measured it.',
  events: 'What changed.',
  'events.run': 'Start of the run that published the change, in UTC.',
  'events.kind': 'What kind of change it is.',
  'events.id': 'The dataset.',
  'events.check': CHECK,
  'events.from':
    'What was before: a verdict, which is a status, or a status with the worst finding (error:files-missing); of versions, the versions by place; of counts, the numbers by name.',
  'events.to': 'What is now, in the same form as from.',
  'events.because': 'Other rules or other checks than before gave the change, and not the archive.',
  'events.fromRow':
    'The verdict is that of a recorded row, since the document of the check was not recorded.',
  'events.version': 'The latest version; absent if not known.',
  'events.created': 'When the archive created that version, in UTC; null or absent if not known.',
  'events.reason': 'Why the check could not be measured; of `verified`, until then.',
  'events.place': 'Where the version was seen for the first time.',
  states:
    'Verdicts that no event tells: of the first run, of new datasets, and of checks that are made for the first time or no longer.',
  'states.verdicts': 'Each combination once: by check, its verdict; null if it is no longer made.',
  'states.of': 'By dataset, an index into verdicts.',
  counts: 'Numbers of the run, by name.',
  notices: 'What was told, in the order of telling.',
  'notices.run': 'Start of the run after which it was told, in UTC.',
  'notices.id': 'The dataset.',
  'notices.kind':
    'What was told: a fault, that it is fixed, worse or another one, that it comes and goes, or that the dataset was withdrawn.',
  'notices.status': 'The worst status of the dataset as of that run.',
  'notices.checks': 'The checks that it is about, worst first.',
  'notices.checks.check': CHECK,
  'notices.checks.from': FROM,
  'notices.checks.to': TO,
  'notices.checks.since': SINCE,
  notifyFrom: 'The least status that is told; version-mismatch if absent.',
  badges: 'Hash of the form of all badges, if all of them were written.',
  feeds:
    'What all feeds have in common, if all of them were written in another form or none can be.',
  'feeds.tag': 'Begins the ids of feeds and their entries (RFC 4151).',
  'feeds.form': 'Hash of what they are made with; null if none is written any more.',
  month: 'The month, in UTC.',
  time: 'Starts of the runs, in UTC, in ascending order.',
  'history-counts:columns':
    'By name of a number, its value in each run; null where a run does not have it.',

  // history/index.json
  firstRun: 'Start of the first published run, in UTC. Verdicts may be older.',
  'history-index:lastRun': 'Start of the last published run, in UTC.',
  'history-index:runs': 'Number of published runs.',
  lastRuns: 'Starts of the last thirty of them, in UTC, the newest last.',
  startUp: 'How many of them, the first ones, were a start-up; absent if there was none.',
  firstLook: 'The first run that measured, and was not imported; null if there is none.',
  'firstLook.run': 'Its start, in UTC.',
  imported: 'Start of the last imported run, in UTC; null if none is imported.',
  months: 'The months that have changes and counts, in ascending order.',
  gaps: 'First and last day of each time without a run.',
  rulesVersions: 'From which run on which rules were used.',
  'rulesVersions.from': 'Start of the first run with them, in UTC.',
  'rulesVersions.rulesVersion': 'Their number; null if they had none.',
  'history-index:withdrawn':
    'By dataset that was listed once and is not now, the start of the first run without it, in UTC.',
  'history-index:badges': 'Hash of the form of the badges, of the last run that wrote all of them.',

  'history-index:feeds': 'What all feeds have in common; absent if none were written.',

  // history/series.json
  'history-series:archive': 'Id of the archive, with which all names begin.',
  series: 'The series of the archive as a whole, by name in byte order.',
  'series.name': 'Its name.',
  'series.from': 'Start of the first run that has a value, in UTC.',
  'history-series:datasets': 'The series of each dataset and check: 0 is ok, 4 is error.',
  'history-series:datasets.name': 'Their name, with {id} and {check}.',
  'history-series:datasets.checks': 'The checks; overall, the dataset as a whole, comes first.',

  // history/sync.json
  'history-sync:run': 'Start of the run that counted, in UTC.',
  resolution: 'Usual days between two runs: no arrival is seen more exactly. Null if not known.',
  last90Days: 'Of the snapshots created in the last 90 days.',
  'last90Days.snapshots': SNAPSHOTS,
  'last90Days.places': PLACES,
  'history-sync:months': 'Of the snapshots created in each month.',
  'months.month': 'The month, in UTC.',
  'months.snapshots': SNAPSHOTS,
  'months.places': PLACES,
  median: 'Days within which half of them arrived; null while fewer have.',
  p90: 'Days within which nine of ten arrived; null while fewer have.',
  arrived: 'Number that arrived.',
  waiting: 'Number that have not arrived yet.',
  replaced: 'Number that never arrived: a newer snapshot came, or the dataset was withdrawn.',
  'history-sync:waiting': 'Number of snapshots that are not everywhere yet, however old.',
  'history-sync:runs': 'Starts of the last runs, in UTC.',
  'history-sync:snapshots':
    'The snapshots of the last months, and those that are still waited for.',
  'snapshots.id': 'The dataset.',
  'snapshots.version': 'Its tag.',
  'snapshots.created': 'When it was created, in UTC.',
  'snapshots.seen': SEEN,
  'snapshots.ended':
    'Start of the run that found a newer snapshot or no dataset, in UTC; absent if none did.',

  // The history of a dataset
  'history:id': 'The dataset.',
  'history:listed': 'The day on which it was first seen, in UTC; null if before the first run.',
  strips:
    'By check, each moment at which its verdict changed, with the verdict from then on; null if it was not made. Overall is the dataset as a whole. A moment is a day (2026-08-08), or a minute (2026-08-08T06:00Z) where runs are more often than daily; minutes that are older than 90 days become days.',
  'history:unverified':
    'By check, the beginning and end of each time in which it could not be measured; the end is the last day, or the first minute after it, or null if that goes on.',
  notSeen:
    'The beginning and end of each time in which the archive did not list it, in the same form.',
  'history:snapshots': 'Its newest snapshots since the first run.',
  news: 'What its feed tells, newest last: of the year before the newest one.',
  'news.run': 'Start of the run that it is of, in UTC.',
  'news.kind':
    'What is told: one of the kinds of notices, that the dataset was listed or came back, or a new version.',
  'news.status': 'The worst status of the dataset as of that run.',
  'news.checks': 'The checks that it is about, worst first.',
  'news.checks.check': CHECK,
  'news.checks.from': FROM,
  'news.checks.to': TO,
  'news.checks.since': SINCE,
  'news.version': 'The new version.',
  truncated: 'Older entries were left out.',

  // history/notices.json
  'history-notices:number': 'Number of the last publication that it knows.',
  'history-notices:datasets':
    'By dataset with a fault that is told or may be, what is known of it.',
  'history-notices:datasets.since': 'Start of the run that first saw what is not told yet, in UTC.',
  'history-notices:datasets.from': 'By check, its verdict before that.',
  now: 'By check, its verdict where it differs from what was told.',
  told: 'By check, the bad verdict that was told.',
  'history-notices:datasets.at':
    'Starts of the runs of the last two weeks after which a fault was told, in UTC.',
  rests:
    'Start of the run of the last change, in UTC, if it comes and goes: nothing is told until a week after that.',
  young:
    'By dataset that was first listed in the last eight days, the start of the first run with it, in UTC.',

  // history/sent.json
  channels: 'By channel, what was sent.',
  receiver: 'Hash of where it sends to.',
  'channels.run':
    'What runs up to then told was sent, or was before the receiver was there; in UTC.',
  digest: 'Start of the run up to which the last digest was, in UTC.',
  isGone: 'True if the receiver wants no more; absent if not.',

  // history/imported.json
  'history-imported:summary': 'The last imported summary, in its parts.',
  'history-imported:since':
    'By dataset and check, since when its verdict is what it is, where that is known.',
  'since.verdict': 'The verdict.',
  'since.since': 'The first run with it, in UTC.',

  // Badges
  'badge:schemaVersion': 'Version of the form that shields.io reads.',
  label: 'The text on the left.',
  message: 'The text on the right.',
  color: 'Colour of the right part, as six hex digits.',
  isError: 'Whether shields.io shows it as an error.',
  cacheSeconds: 'For how many seconds shields.io may keep it.',
};
