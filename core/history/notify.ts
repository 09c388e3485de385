// Sends what was told since the last time, to each channel that there is. A message is sent and then
// marked, so that it is sent at least once; its id is the same when it is sent again.

import { catalogueOf } from '../documents/catalogue.ts';
import { archiveMessage } from '../documents/provenance.ts';
import { siteAddresses } from '../documents/site.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import type { StageContext } from '../monitor/archive.ts';
import { readOrNull } from '../monitor/frame.ts';
import type { Changes, HistoryIndex, RunNotice, Sent } from './documents.ts';
import { changesMessage, digestMessage, type Message, type MessageContext } from './messages.ts';
import { changesPath, INDEX_PATH, monthOf, SENT_PATH } from './paths.ts';
import type { Digest } from './settings.ts';

/** A channel: a topic, a webhook, a file. */
export interface Notifier {
  /** `webhook` */
  readonly name: string;
  /** Another one for another receiver: what one of them wanted no more of, the next may. */
  readonly receiver: string;
  /**
   * `gone`: it wants no more.
   * @throws Error that says why it could not be sent
   */
  send(message: Message): Promise<'sent' | 'gone'>;
}

const HOUR = 60 * 60 * 1000;
/** A run begins a little earlier or later than the day before. */
const DIGEST_MS = { daily: 20 * HOUR, weekly: (7 * 24 - 4) * HOUR };

type Context = Pick<StageContext, 'archive' | 'about' | 'store' | 'log' | 'options'>;
type Channel = Sent['channels'][string];

/**
 * Called after a summary was published.
 * @returns a sentence for each channel that did not take its messages
 */
export async function notify(
  context: Context,
  notifiers: readonly Notifier[],
  digest: Digest = 'off',
): Promise<readonly string[]> {
  const index = notifiers.length > 0 ? await readOrNull<HistoryIndex>(context, INDEX_PATH) : null;
  if (index === null) return [];
  const { store, log } = context;
  const about = messageContext(context, index);
  const channels = { ...(await readOrNull<Sent>(context, SENT_PATH))?.channels };
  const problems: string[] = [];
  for (const { name, receiver, send } of notifiers) {
    const keep = async (next: Channel) => {
      channels[name] = next;
      await store.writeDocument(SENT_PATH, { schemaVersion: SCHEMA_VERSION, channels });
    };
    const before = channels[name];
    // What was told before a new receiver was there is not for it.
    let state: Channel =
      before?.receiver === receiver
        ? before
        : { receiver, run: justBefore(index.lastRun), digest: index.lastRun };
    if (state.isGone) {
      problems.push(`The ${name} wants no more messages (410): remove it, or set another one.`);
      continue;
    }
    try {
      for (const { message, after } of await due(context, about, index, state, digest)) {
        const outcome = message === null ? 'sent' : await send(message);
        state = { ...state, ...after, ...(outcome === 'gone' && { isGone: true as const }) };
        if (message !== null) {
          log('info', 'told', { channel: name, message: message.id, outcome });
          await keep(state);
        }
        if (outcome === 'gone') break;
      }
      if (state.isGone) problems.push(`The ${name} wants no more messages (410).`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log('error', 'could not be told', { channel: name, why });
      problems.push(`The ${name} did not take a message: ${why}.`);
    }
    await keep(state);
  }
  return problems;
}

const justBefore = (run: string) => new Date(Date.parse(run) - 1).toISOString();

interface Due {
  readonly message: Message | null;
  /** What the channel knows once it is sent. */
  readonly after: Partial<Channel>;
}

/** The messages that a channel does not have yet, oldest first. */
async function due(
  context: Context,
  about: MessageContext,
  index: HistoryIndex,
  state: Channel,
  digest: Digest,
): Promise<Due[]> {
  const { lastRun } = index;
  const isDue =
    digest !== 'off' && Date.parse(lastRun) - Date.parse(state.digest) >= DIGEST_MS[digest];
  const since = isDue && state.digest < state.run ? state.digest : state.run;
  const { notices, events } = await readSince(context, index, since);
  const byRun = Map.groupBy(
    notices.filter(({ run }) => run > state.run),
    ({ run }) => run,
  );
  const messages = Array.from(byRun, ([run, of]): Due => {
    return { message: changesMessage(about, run, of), after: { run } };
  });
  messages.push({ message: null, after: { run: lastRun } });
  if (isDue) {
    const isOfDigest = ({ run }: { readonly run: string }) => run > state.digest;
    const told = notices.filter(isOfDigest);
    const period = { run: lastRun, since: state.digest };
    const message = digestMessage(about, period, told, events.filter(isOfDigest));
    messages.push({ message, after: { digest: lastRun } });
  }
  return messages;
}

async function readSince(context: Context, { months }: HistoryIndex, since: string) {
  const notices: RunNotice[] = [];
  const events: Changes['events'][number][] = [];
  const first = monthOf(since);
  for (const month of months.filter((one) => one >= first)) {
    const changes = await readOrNull<Changes>(context, changesPath(month));
    notices.push(...(changes?.notices ?? []));
    events.push(...(changes?.events ?? []));
  }
  return { notices, events };
}

function messageContext(context: Context, { firstRun }: HistoryIndex): MessageContext {
  const { archive, about, options } = context;
  const message = archiveMessage(about);
  return {
    catalogue: catalogueOf(archive),
    site: options.siteUrl === undefined ? null : siteAddresses(options.siteUrl, archive),
    about: message && [`${message.title}.`, ...message.why].join(' '),
    firstRun,
  };
}
