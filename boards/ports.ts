// What the API is given, and what it gives each of its routes.

import type { Clock } from '../core/http/clock.ts';
import type { ApiAnswer, ApiRequest } from './answers.ts';
import type { Random } from './digest.ts';
import type { Limiter } from './limiter.ts';
import type { boardSchema } from './schema.ts';
import type { BoardSettings } from './settings.ts';
import type { BoardStore } from './store.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface ApiPorts {
  readonly store: BoardStore;
  readonly settings: BoardSettings;
  readonly vocabulary: Vocabulary;
  readonly limiter: Limiter;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly random: Random;
  /** Whether whoever asks may maintain. @default nobody */
  readonly mayMaintain?: (request: ApiRequest) => boolean;
  /** Has evictions made that a request has no time for. */
  readonly evictLater: () => Promise<void>;
  /** A fault that the answer does not tell; it has nothing of a request. */
  readonly onFault: (doing: string, error: unknown) => void;
}

/** What a route works with. */
export interface Asked {
  readonly ports: ApiPorts;
  readonly schema: ReturnType<typeof boardSchema>;
  readonly request: ApiRequest;
  readonly method: string;
  /** Of the board; empty where the route has none. */
  readonly id: string;
  /** Whether the board stands in `dashboard`, in body and answer. */
  readonly isOlder: boolean;
}
export type Operation = (asked: Asked) => Promise<ApiAnswer>;

/** The key or token that a request has. */
export const bearerOf = ({ headers }: ApiRequest): string | null =>
  /^Bearer +([\w~+/.=-]{1,400})$/i.exec(headers.authorization ?? '')?.[1] ?? null;
