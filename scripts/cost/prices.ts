// List prices of us-east-1 in US dollars, without any free tier.

/**
 * When a person last checked the prices, on the pages aws.amazon.com/<service>/pricing. Changed
 * prices are updated here.
 */
export const PRICES_AS_OF = '2026-02';

export const PRICES = {
  /** Lambda, arm64, first tier. */
  lambdaGbSecond: 0.000_013_333_4,
  lambdaRequest: 0.2e-6,
  /** Step Functions, standard. */
  stateTransition: 0.025e-3,
  /** S3 Standard. */
  s3Get: 0.4e-6,
  s3PutOrList: 5e-6,
  s3GbMonth: 0.023,
  /**
   * DynamoDB on demand. A write unit is 1 KB; a read unit is 4 KB, or twice that if eventually
   * consistent.
   */
  tableWrite: 0.625e-6,
  tableRead: 0.125e-6,
  tableGbMonth: 0.25,
  /** Point-in-time recovery. */
  tableBackupGbMonth: 0.2,
  /** CloudWatch. */
  logsGb: 0.5,
  logsGbMonth: 0.03,
  alarmMetric: 0.1,
  /** Per metric and month; charged by the hours in which it was sent. */
  customMetric: 0.3,
  dashboard: 3,
  /** CloudFront, Europe and North America, first tier. */
  cdnGb: 0.085,
  cdnRequest: 1e-6,
  /** EventBridge Scheduler. */
  schedule: 1e-6,
} as const;

/** What AWS gives every account each month for good, in the units of the prices above. */
export const ALWAYS_FREE: Partial<Record<keyof typeof PRICES, number>> = {
  lambdaGbSecond: 400_000,
  lambdaRequest: 1e6,
  stateTransition: 4000,
  // Not the requests of a table on demand.
  tableGbMonth: 25,
  logsGb: 5,
  alarmMetric: 10,
  customMetric: 10,
  dashboard: 3,
  cdnGb: 1000,
  cdnRequest: 1e7,
  schedule: 14e6,
};
