// The hosts of a client: how much each may be asked, when it asked for a pause, and how many retries
// are left. Clients of one deployment tell each other, so that all of these hold for them together.

import { type Failed, failed } from '../failure.ts';
import type { Clock } from './clock.ts';
import { createLimiter, type HostLimit, type Limiter } from './limiter.ts';
import { pauseFor, type RetryPolicy } from './retry.ts';

/** What a client has seen of a host in this run. */
export interface HostFacts {
  readonly retries: number;
  /** Milliseconds since the epoch; 0 if it asked for no pause. */
  readonly pausedUntil: number;
  /** The answer to all further requests; undefined while it is asked. */
  readonly leftAlone: Failed | undefined;
}

/** What the other clients have seen of it together. */
export interface HostNews extends HostFacts {
  /** Clients that are using the host now, including this one. */
  readonly clients: number;
  /** This client's place among them, from 0: the first ones may ask if the limit is too low for all. */
  readonly place: number;
}

/** The other clients of a deployment. Nothing waits for them. */
export interface Peers {
  /** Called once, before anything is reported. */
  listen(learn: (host: string, news: HostNews) => void): void;
  /** Called when the client begins to use a host, and for everything it sees of it. */
  tell(host: string, facts: HostFacts): void;
}

export interface HostsOptions {
  /** By host name (`github.com`) or host and port (`127.0.0.1:8080`), which counts first. */
  readonly limits?: Readonly<Record<string, HostLimit>> | undefined;
  /** For hosts without a limit of their own, except loopback; 8 in flight and 10 a second. */
  readonly defaultLimit?: HostLimit | undefined;
  /** Clients that use the hosts at once: each keeps to its share of the limits. Default: 1. */
  readonly clients?: number | undefined;
  readonly peers?: Peers | undefined;
  /** Called when a host asks for a pause of so many milliseconds, in which the run seems to hang. */
  readonly onPause?: ((host: string, milliseconds: number) => void) | undefined;
  /** Called once for a host that gets no more requests in this run, with the reason. */
  readonly onLeftAlone?: ((host: string, why: string) => void) | undefined;
}

const DEFAULT_LIMIT: HostLimit = { inFlight: 8, perSecond: 10 };
/** The own machine needs no politeness, only bounds. */
const LOOPBACK_LIMIT: HostLimit = { inFlight: 32, perSecond: Number.POSITIVE_INFINITY };
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

const NOTHING: HostFacts = { retries: 0, pausedUntil: 0, leftAlone: undefined };

export interface Host {
  /** With its port, where that is not the usual one. */
  readonly name: string;
  readonly limiter: Limiter;
  /** The failure of every further request; undefined while it is asked. */
  leftAlone(): Failed | undefined;
  isPaused(): boolean;
  /** It asked for a pause, by the header `Retry-After` if it has one, at the nth try of a request. */
  pause(retryAfter: string | undefined, nth: number): void;
  /** A request that was sent then (milliseconds since the epoch) was refused, with this outcome. */
  countRefusal(sentAt: number, reason: Failed['reason']): void;
  /** It answered without refusing. */
  answered(): void;
  /** Takes one retry from the budget. False when none is left. */
  takeRetry(): boolean;
}

export interface Hosts {
  /** The host of an address, which is about to be asked. */
  use(url: URL): Host;
}

/** A host with what is known of it here and elsewhere. */
interface Known extends Host {
  readonly own: HostFacts;
  readonly others: HostFacts;
  use(): void;
  learn(news: HostNews): void;
}

export function openHosts(options: HostsOptions, policy: RetryPolicy, clock: Clock): Hosts {
  const { peers, clients = 1 } = options;
  const limits = new Map(Object.entries(options.limits ?? {}));
  const hosts = new Map<string, Known>();

  const limitOf = (name: string, hostname: string): HostLimit =>
    limits.get(name) ??
    limits.get(hostname) ??
    (LOOPBACK.test(hostname) ? LOOPBACK_LIMIT : (options.defaultLimit ?? DEFAULT_LIMIT));

  /** By this client and the others, of all hosts. */
  const retriesUsed = () =>
    [...hosts.values()].reduce((sum, { own, others }) => sum + own.retries + others.retries, 0);

  const createHost = (name: string, hostname: string): Known => {
    const limit = limitOf(name, hostname);
    const limiter = createLimiter(shareOf(limit, clients), clock);
    let own = NOTHING;
    let others = NOTHING;
    let inUse = false;
    /** In a row, and when the last of them came (milliseconds since the epoch). */
    let refusals = 0;
    let refusedAt = 0;

    const leftAlone = () => own.leftAlone ?? others.leftAlone;
    const see = (facts: Partial<HostFacts>): void => {
      own = { ...own, ...facts };
      peers?.tell(name, own);
    };
    const giveUp = ({ detail }: Failed): void => {
      limiter.giveUp();
      options.onLeftAlone?.(name, detail);
    };

    return {
      name,
      limiter,
      get own() {
        return own;
      },
      get others() {
        return others;
      },
      leftAlone,
      isPaused: () => Math.max(own.pausedUntil, others.pausedUntil) > clock.now(),
      use() {
        if (inUse || leftAlone()) return;
        inUse = true;
        see({});
      },
      learn(news) {
        if (news.leftAlone && !leftAlone()) giveUp(news.leftAlone);
        // It stays so, whatever answer comes later.
        others = { ...news, leftAlone: others.leftAlone ?? news.leftAlone };
        limiter.change(shareOf(limit, clients, news));
        const wait = Math.min(news.pausedUntil - clock.now(), policy.maxPauseMs);
        if (wait > 0) limiter.pause(wait);
      },
      pause(retryAfter, nth) {
        const now = clock.now();
        const milliseconds = pauseFor(policy, retryAfter, nth, now);
        limiter.pause(milliseconds);
        options.onPause?.(name, milliseconds);
        if (now + milliseconds > own.pausedUntil) see({ pausedUntil: now + milliseconds });
      },
      countRefusal(sentAt, reason) {
        // Requests that were in flight together count once: none was sent after a pause.
        if (leftAlone() || (refusals > 0 && sentAt <= refusedAt)) return;
        refusals += 1;
        refusedAt = clock.now();
        if (refusals < policy.refusals) return;
        const why = `${name} is left alone for the rest of the run: it refused ${refusals} times in a row`;
        const failure = failed(reason, why);
        see({ leftAlone: failure });
        giveUp(failure);
      },
      answered() {
        refusals = 0;
      },
      takeRetry() {
        if (retriesUsed() >= policy.budget) return false;
        see({ retries: own.retries + 1 });
        return true;
      },
    };
  };

  const hostOf = (name: string, hostname: string): Known => {
    const host = hosts.get(name) ?? createHost(name, hostname);
    hosts.set(name, host);
    return host;
  };

  peers?.listen((name, news) => hostOf(name, new URL(`https://${name}`).hostname).learn(news));
  return {
    use(url) {
      const host = hostOf(url.host, url.hostname);
      host.use();
      return host;
    },
  };
}

/**
 * A client's share of a host's limits. If more clients use the host than were to be, each gets less
 * than usual; if fewer do, none gets more, because others may be about to begin.
 */
function shareOf(
  { inFlight, perSecond }: HostLimit,
  clients: number,
  news: Pick<HostNews, 'clients' | 'place'> = { clients: 1, place: 0 },
): HostLimit {
  const usual = Math.max(1, Math.floor(inFlight / clients));
  const { clients: now, place } = news;
  const fair = Math.floor(inFlight / now) + Number(place < inFlight % now);
  return { inFlight: Math.min(usual, fair), perSecond: perSecond / Math.max(clients, now) };
}
