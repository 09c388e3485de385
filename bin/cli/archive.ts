// Opens the archive of a run: at its own or other addresses, or the sample archive in this process.

import { SAMPLES } from '../../archives/samples.ts';
import type { AboutArchive } from '../../core/documents/documents.ts';
import { REPLAYED_ARCHIVE, SAMPLE_ARCHIVE } from '../../core/documents/provenance.ts';
import { createHttpClient, type RunClient, userAgent } from '../../core/http.ts';
import type { Log } from '../../core/monitor/context.ts';
import { type ArchiveOptions, isSample } from './options.ts';
import { CONTACT_URL, VERSION } from './version.ts';

export interface OpenArchive {
  /** Part of the context of a stage. */
  readonly sources: object;
  readonly http: RunClient;
  /** As the results describe it. */
  readonly about: AboutArchive;
  /** Distinguishes this archive from others in a run's record. */
  readonly identity: string[];
  close(): Promise<void>;
}

type ByPlace = Readonly<Record<string, string>>;

/** By place; public data needs no token. */
export type Tokens = Readonly<Record<string, string | undefined>>;

export async function openArchive(
  options: ArchiveOptions,
  tokens: Tokens,
  log: Log,
): Promise<OpenArchive> {
  const { definition, addresses: own } = options;
  const places = Object.keys(definition.places);
  const complete = places.every((place) => own[place] !== undefined);
  // The sample's port changes from run to run; its content does not.
  const sample =
    isSample(options.archive) && !complete
      ? await SAMPLES[definition.id]?.(options.from)
      : undefined;
  const usual: ByPlace = Object.fromEntries(
    places.map((place) => [place, definition.places[place]?.url as string]),
  );
  const addresses: ByPlace = { ...(sample?.addresses ?? usual), ...own };
  const contact = options.contactUrl ?? CONTACT_URL;
  const http = createHttpClient({
    userAgent: contact ? userAgent(VERSION, contact) : `mirrorwatch/${VERSION}`,
    limits: definition.limits,
    onPause: (host, milliseconds) =>
      log('warn', 'the host asks to be left alone', {
        host,
        seconds: Math.ceil(milliseconds / 1000),
      }),
    onLeftAlone: (_host, why) => log('warn', why),
  });
  return {
    sources: definition.open({
      http,
      addresses,
      tokens,
      mirrorAbsent: options.mirrorAbsent,
      onTokenRefused: (place, status) =>
        log('warn', `the token for the ${place} was refused; continuing without it`, { status }),
      pageSize: options.pageSize,
    }),
    http,
    about: about(options, addresses),
    identity: places.map((place) => ({ ...usual, ...sample?.names, ...own })[place] as string),
    async close() {
      http.close();
      await sample?.close();
    },
  };
}

/** A sample is always invented data; if addresses are given, another process serves it. */
function about({ archive, definition, from }: ArchiveOptions, addresses: ByPlace): AboutArchive {
  if (!isSample(archive)) return definition.describe(addresses);
  if (from !== null) return REPLAYED_ARCHIVE;
  if (definition.isAtRoot) return SAMPLE_ARCHIVE;
  return { ...SAMPLE_ARCHIVE, name: `Sample of ${definition.words.title}` };
}
