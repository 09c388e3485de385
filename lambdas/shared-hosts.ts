// What the functions tell each other about the hosts that they ask: who uses a host now, pauses that
// it asked for, and retries. The table has an item for each host. A function writes only its own
// attribute of it, and each write returns what the others have written: no write waits for another,
// and none is lost. No request waits for the table. Without it, a function keeps to its own share.

import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { FAILURE_REASONS } from '../core/failure.ts';
import type { Clock } from '../core/http/clock.ts';
import type { HostFacts, HostNews, Peers } from '../core/http/hosts.ts';
import type { Log } from '../core/monitor/context.ts';
import { HOSTS, hostKey } from './names.ts';
import type { Item } from './run-store.ts';

export interface SharedHostsOptions {
  readonly dynamo: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Its start: retries and hosts that are left alone count within it. */
  readonly run: string;
  /** Of this function among all: the name of its attribute. */
  readonly name: string;
}

export interface SharedHosts extends Peers {
  /** Tells that this function no longer uses its hosts. Gives up after LAST_WAIT_MS. */
  close(): Promise<void>;
}

/** Between two writes about a host of which nothing new is known. Each also reads. */
const RENEW_MS = 60_000;
/** A function that was killed uses its hosts for so long: two renewals may be lost. */
const LEASE_MS = 150_000;
/** No correct clock names a later time for a pause or a lease. */
const FAR_MS = 300_000;
/** After this, a function of another run no longer matters. */
const KEPT_MS = 3_600_000;
/** Attributes removed with one write. */
const REMOVED_AT_ONCE = 50;
const LAST_WAIT_MS = 500;

/** What one function tells the others. Times are milliseconds since the epoch. */
const noticeSchema = z.object({
  run: z.string(),
  /** When it began to use the host. */
  since: z.number(),
  /** Until when it does, unless it writes again. */
  until: z.number(),
  retries: z.number().default(0),
  pausedUntil: z.number().default(0),
  leftAlone: z
    .object({ kind: z.literal('failed'), reason: z.enum(FAILURE_REASONS), detail: z.string() })
    .optional(),
});
type Notice = z.output<typeof noticeSchema>;

/** A host that this function uses. */
interface Used {
  readonly since: number;
  facts: HostFacts;
  /** There is something to write. */
  isNew: boolean;
  isWriting: boolean;
  written: Promise<void>;
  /** Attributes that may be removed. */
  old: readonly string[];
}

export function sharedHosts(options: SharedHostsOptions): SharedHosts {
  const { dynamo, table, clock, log, run, name } = options;
  const used = new Map<string, Used>();
  let learn: Parameters<Peers['listen']>[0] = () => {};
  /** The table refused: nothing is sent before the next renewal. */
  let refused = false;
  let isLogged = false;

  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      refused = true;
      if (isLogged) return;
      isLogged = true;
      const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      log('warn', 'hosts are not shared with other functions', { detail });
    }
  };

  const receive = (item: Item): void => {
    const notices = noticesOf(item);
    const host = String(item.sk);
    const now = clock.now();
    learn(host, newsOf(notices, name, run, now));
    const one = used.get(host);
    if (!one) return;
    one.old = [...notices.entries()]
      .filter(([, notice]) => notice.run !== run && notice.since < now - KEPT_MS)
      .map(([of]) => of);
  };

  const begin = async () => {
    const { Items = [] } = await dynamo.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :hosts',
        ExpressionAttributeValues: { ':hosts': HOSTS },
        ConsistentRead: true,
      }),
    );
    for (const item of Items) receive(item);
  };

  const write = async (
    host: string,
    one: Used,
    notice: z.input<typeof noticeSchema> | undefined,
  ) => {
    const removed = [...one.old.slice(0, REMOVED_AT_ONCE), ...(notice ? [] : [name])];
    const names = Object.fromEntries(removed.map((of, at) => [`#old${at}`, of]));
    const { Attributes } = await dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: hostKey(host),
        UpdateExpression: [
          ...(notice ? ['SET #own = :notice'] : []),
          ...(removed.length > 0 ? [`REMOVE ${Object.keys(names).join(', ')}`] : []),
        ].join(' '),
        ExpressionAttributeNames: { ...names, ...(notice && { '#own': name }) },
        ...(notice && { ExpressionAttributeValues: { ':notice': notice } }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    if (Attributes) receive(Attributes);
  };

  const writeAll = async (host: string, one: Used): Promise<void> => {
    one.isWriting = true;
    while (one.isNew && !refused) {
      one.isNew = false;
      await attempt(() => write(host, one, noticeOf(one, run, clock.now() + LEASE_MS)));
    }
    one.isWriting = false;
  };

  const publish = (host: string, one: Used): void => {
    one.isNew = true;
    if (!one.isWriting && !refused) one.written = writeAll(host, one);
  };

  const renewing = clock.every(RENEW_MS, () => {
    refused = false;
    for (const [host, one] of used) publish(host, one);
  });

  const leave = async (host: string, one: Used): Promise<void> => {
    await one.written;
    const { retries, pausedUntil, leftAlone } = one.facts;
    const matters = retries > 0 || leftAlone || pausedUntil > clock.now();
    if (!refused)
      await attempt(() => write(host, one, matters ? noticeOf(one, run, 0) : undefined));
  };

  return {
    listen(hear) {
      learn = hear;
      void attempt(begin);
    },
    tell(host, facts) {
      const one = used.get(host) ?? newlyUsed(facts, clock.now());
      used.set(host, one);
      one.facts = facts;
      publish(host, one);
    },
    async close() {
      renewing.cancel();
      const waited = new AbortController();
      const left = Promise.all([...used].map(([host, one]) => leave(host, one)));
      await Promise.race([left, clock.sleep(LAST_WAIT_MS, waited.signal).catch(() => {})]);
      waited.abort();
    },
  };
}

const newlyUsed = (facts: HostFacts, since: number): Used => ({
  ...{ since, facts, isNew: false, isWriting: false, written: Promise.resolve(), old: [] },
});

/** Without zeros: eight functions fit into the kilobyte that a write costs. */
function noticeOf(
  { since, facts }: Used,
  run: string,
  until: number,
): z.input<typeof noticeSchema> {
  const { retries, pausedUntil, leftAlone } = facts;
  return {
    ...{ run, since, until },
    ...(retries > 0 && { retries }),
    ...(pausedUntil > 0 && { pausedUntil }),
    ...(leftAlone && { leftAlone }),
  };
}

function noticesOf({ pk: _, sk: __, ...attributes }: Item): Map<string, Notice> {
  return new Map(
    Object.entries(attributes).flatMap(([name, value]) => {
      const parsed = noticeSchema.safeParse(value);
      return parsed.success ? [[name, parsed.data] as const] : [];
    }),
  );
}

/** What the others have reported, for the function of this name. */
function newsOf(
  notices: ReadonlyMap<string, Notice>,
  name: string,
  run: string,
  now: number,
): HostNews {
  const isAhead = (time: number) => time > now && time < now + FAR_MS;
  const others = [...notices]
    .filter(([of]) => of !== name)
    .map(([of, notice]) => ({ of, ...notice }));
  const ofRun = others.filter((notice) => notice.run === run);
  const since = notices.get(name)?.since ?? now;
  const users = others.filter(({ until }) => isAhead(until));
  const before = users.filter(
    (notice) => notice.since < since || (notice.since === since && notice.of < name),
  );
  return {
    retries: ofRun.reduce((sum, notice) => sum + notice.retries, 0),
    pausedUntil: Math.max(0, ...others.map((notice) => notice.pausedUntil).filter(isAhead)),
    leftAlone: ofRun.find((notice) => notice.leftAlone)?.leftAlone,
    clients: users.length + 1,
    place: before.length,
  };
}
