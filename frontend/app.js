// The page for now: one plain table of what data/all-datasets.json says. It derives no verdict, and
// every text of others goes in as text.

const SYMBOLS = { error: '✕', 'version-mismatch': '≠', warning: '!', pending: '…', ok: '✓' };
const LABELS = [
  'Status',
  'GitHub',
  'S3 version',
  'S3 files',
  'Registry',
  'On GitHub',
  'On S3',
  'Files',
  'Checked',
];
const CHECKS = ['github', 's3Version', 's3Files'];

const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

const byId = (id) => document.getElementById(id);

/** A document below data/; null when there is none yet. */
async function read(path) {
  const response = await fetch(`data/${path}`);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`data/${path}: HTTP ${response.status}`);
  return response.json();
}

function statusText(status, subtype) {
  return [SYMBOLS[status] ?? '?', subtype ?? status].join(' ');
}

function statusCell(status, subtype, unverified) {
  const cell = element('td');
  cell.append(element('span', statusText(status, subtype), `status-${status}`));
  if (unverified) {
    const mark = element('span', ' unverified', 'quiet');
    mark.title = `The newest attempt failed (${unverified.reason}) at ${moment(unverified.at)}`;
    cell.append(mark);
  }
  return cell;
}

/** `3 h`: whole units, rounded down, of how long ago a time was. */
function age(time, now) {
  if (time === null) return 'never';
  const minutes = Math.max(0, Math.floor((now - Date.parse(time)) / 60_000));
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} d`;
}

function differences({ s3FilesAdded, s3FilesRemoved }) {
  const parts = [];
  if (s3FilesAdded) parts.push(`+${s3FilesAdded.toLocaleString('en-US')}`);
  if (s3FilesRemoved) parts.push(`−${s3FilesRemoved.toLocaleString('en-US')}`);
  return parts.join(' ');
}

/** The subtype of a check, or why the files were not compared. */
function reasonOf({ issueSubtypes, notCompared }, check) {
  return issueSubtypes?.[check] ?? (check === 's3Files' ? notCompared : null);
}

/** `2026-08-01 12:03 UTC` */
const moment = (time) => `${time.slice(0, 16).replace('T', ' ')} UTC`;

function rowOf(row, now) {
  const line = element('tr');
  const head = element('th', row.id);
  head.scope = 'row';
  if (row.name) {
    const name = element('bdi', row.name, 'name');
    name.title = row.name;
    head.append(name);
  }
  const checkCells = CHECKS.map((check) =>
    statusCell(row.checks[check], reasonOf(row, check), row.unverified?.[check]),
  );
  const files = element('td', differences(row), 'number');
  files.title = 'missing from S3 (+), orphaned on S3 (−)';
  const checked = element('td', age(row.checkedAt, now), 'number');
  checked.title = row.checkedAt ?? 'never';
  const cells = [
    statusCell(row.status, null, null),
    ...checkCells,
    element('td', row.latestSnapshot, 'version'),
    element('td', row.githubVersion ?? '–', 'version'),
    element('td', row.s3Version ?? '–', 'version'),
    files,
    checked,
  ];
  for (const [i, cell] of cells.entries()) cell.dataset.label = LABELS[i];
  line.append(head, ...cells);
  return line;
}

function showTotals(rows) {
  for (const status of Object.keys(SYMBOLS)) {
    const item = element('li');
    const number = rows.filter((row) => row.status === status).length;
    item.append(
      element('span', statusText(status), `status-${status}`),
      element('b', number.toLocaleString('en-US')),
    );
    byId('totals').append(item);
  }
}

function showBanner(text) {
  byId('banner').textContent = text;
  byId('banner').hidden = false;
}

async function show() {
  const [summary, status] = await Promise.all([read('all-datasets.json'), read('status.json')]);
  if (status && status.lastRun.outcome !== 'published') {
    const { finishedAt, outcome, why } = status.lastRun;
    showBanner(`The run that ended at ${moment(finishedAt)} was ${outcome}: ${why.join(' ')}`);
  }
  if (!summary) {
    byId('published').textContent = 'No summary has been published yet.';
    return;
  }
  const { datasets, lastUpdated } = summary;
  const number = datasets.length.toLocaleString('en-US');
  byId('published').textContent = `${number} datasets, published ${moment(lastUpdated)}`;
  showTotals(datasets);
  const now = Date.now();
  byId('datasets').tBodies[0].append(...datasets.map((row) => rowOf(row, now)));
  byId('datasets').hidden = false;
}

show().catch((error) => {
  byId('published').textContent = 'The results cannot be read.';
  showBanner(error.message);
});
