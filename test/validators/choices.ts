// Deployments that differ in every choice of docs/deploy.md: each choice alone, in its extremes, and
// together.

type Choices = Readonly<Record<string, unknown>>;

const DOMAIN = {
  domainName: 'watch.example.org',
  certificateArn:
    'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
};

const EACH: readonly Choices[] = [
  { cdn: 'false' },
  { name: 'Watch-2' },
  { protect: 'false' },
  { watch: 'off' },
  { watch: 'rate(10 minutes)' },
  { schedule: 'off' },
  { schedule: 'rate(1 minute)' },
  { schedule: 'rate(1 hour)' },
  { schedule: 'cron(0 6 ? * MON *)' },
  { schedule: 'rate(7 days)' },
  { concurrency: '1' },
  { concurrency: '32' },
  { datasets: '100000' },
  { memory: '{"check-s3-files": 10240, "summarize": 128}' },
  { memory: '{"fetch-registry": 3008, "plan": 3008}' },
  { alarmEmail: 'watch@example.org' },
  { githubTokenParameter: '/mirrorwatch/github' },
  { archive: '{"registryUrl": "https://registry.example.org/graphql"}' },
  { checks: 's3Content' },
  { newDatasetDays: '0' },
  { registryDays: '0' },
  { secondReadings: '0' },
  { mirrorAbsent: 'realm="GitLab"' },
  { contactUrl: 'https://example.org' },
  { retentionDays: '1' },
  { retentionDays: '3653' },
  DOMAIN,
  { monthlyBudget: '1' },
  { monthlyBudget: '0' },
  { dashboard: 'true' },
  { dashboard: 'false' },
  { tracing: 'true' },
  { siteUrl: 'https://watch.example.org' },
  { badgeLabel: 'mirrors' },
  { changesEmail: 'changes@example.org' },
  {
    webhookUrl: 'https://hooks.example.org/in?key=1',
    webhookSecretParameter: '/mirrorwatch/webhook',
  },
  { notifyFrom: 'warning' },
  { digest: 'daily' },
  { boards: '{}' },
  { boards: '{"BOARD_EDIT": "open", "BOARD_TOUCH_SECONDS": 0}' },
  // A second archive, with options of its own.
  { 'dandi.choices': '{"mode": "verify"}', 'dandi.githubTokenParameter': '/mirrorwatch/dandi' },
];

/** As many as can be together: an archive that large has no hourly look. */
const ALL: Choices = Object.assign({}, ...EACH, {
  cdn: 'true',
  schedule: 'rate(6 hours)',
  datasets: '50000',
});
const LEAST: Choices = { cdn: 'false', schedule: 'off', dashboard: 'false' };

/** The archives that a deployment has: the first one, and each with a setting of its own. */
export const archivesIn = (choices: Choices): number =>
  new Set(Object.keys(choices).map((name) => name.split('.').at(-2) ?? '')).add('').size;

/** The settings that it chooses, of whichever archive. */
export const settingsIn = (choices: Choices): string[] =>
  Object.keys(choices).map((name) => name.split('.').at(-1) ?? '');

export const CHOICES: readonly Choices[] = [{}, ...EACH, ALL, LEAST];
