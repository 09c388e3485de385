// Where a run looks: OpenNeuro itself, or the sample archive, which then runs in this process.

import {
  liveArchive,
  REPLAYED_ARCHIVE,
  SAMPLE_ARCHIVE,
} from '../../archives/openneuro/about-archive.ts';
import {
  type ArchiveAddresses,
  openArchive as openSources,
} from '../../archives/openneuro/archive.ts';
import {
  EXPORT_URL,
  HOST_LIMITS,
  MIRROR_URL,
  REGISTRY_URL,
} from '../../archives/openneuro/endpoints.ts';
import type { AboutArchive } from '../../core/documents/documents.ts';
import { createHttpClient, type RunClient, userAgent } from '../../core/http.ts';
import type { Log } from '../../core/monitor/context.ts';
import type { SecondReader } from '../../core/protocols/git/second-reader.ts';
import type { ExportSource, MirrorSource, RegistrySource } from '../../core/protocols/sources.ts';
import type { ArchiveOptions } from './options.ts';
import { openSample } from './sample.ts';
import { CONTACT_URL, VERSION } from './version.ts';

export interface OpenArchive {
  readonly registry: RegistrySource;
  readonly mirror: MirrorSource;
  readonly export: ExportSource;
  readonly secondReader: SecondReader;
  readonly http: RunClient;
  /** As the results tell it. */
  readonly about: AboutArchive;
  /** What tells this archive from others in a run's record. */
  readonly identity: string[];
  close(): Promise<void>;
}

interface Addresses {
  readonly registry: string;
  readonly mirror: string;
  readonly export: string;
}

/** None is needed for public data. */
export interface Tokens {
  readonly registry?: string | undefined;
  readonly mirror?: string | undefined;
}

export async function openArchive(
  options: ArchiveOptions,
  tokens: Tokens,
  log: Log,
): Promise<OpenArchive> {
  const own = {
    registry: options.registryUrl,
    mirror: options.mirrorUrl,
    export: options.exportUrl,
  };
  const complete = Object.values(own).every((address) => address !== undefined);
  // The sample's port changes from run to run; what it serves does not.
  const sample =
    options.archive === 'sample' && !complete ? await openSample(options.from) : undefined;
  const base: Addresses = sample ?? {
    registry: REGISTRY_URL,
    mirror: MIRROR_URL,
    export: EXPORT_URL,
  };
  const named = sample?.names ?? base;
  const at = (place: keyof Addresses) => own[place] ?? base[place];
  const contact = options.contactUrl ?? CONTACT_URL;
  const http = createHttpClient({
    userAgent: contact ? userAgent(VERSION, contact) : `mirrorwatch/${VERSION}`,
    limits: HOST_LIMITS,
    onPause: (host, milliseconds) =>
      log('warn', 'the host asks to be left alone', {
        host,
        seconds: Math.ceil(milliseconds / 1000),
      }),
    onLeftAlone: (_host, why) => log('warn', why),
  });
  return {
    ...openSources({
      http,
      registryUrl: at('registry'),
      mirrorUrl: at('mirror'),
      exportUrl: at('export'),
      token: tokens.registry,
      mirrorToken: tokens.mirror,
      mirrorAbsent: options.mirrorAbsent,
      onTokenRefused: (place, status) =>
        log('warn', `the token for the ${place} was refused; going on without it`, { status }),
      pageSize: options.pageSize,
    }),
    http,
    about: about(options, {
      registryUrl: at('registry'),
      mirrorUrl: at('mirror'),
      exportUrl: at('export'),
    }),
    identity: (['registry', 'mirror', 'export'] as const).map(
      (place) => own[place] ?? named[place],
    ),
    async close() {
      http.close();
      await sample?.close();
    },
  };
}

/** The sample is invented wherever it is served: with addresses of its own, it is another server's. */
function about({ archive, from }: ArchiveOptions, addresses: ArchiveAddresses): AboutArchive {
  if (archive !== 'sample') return liveArchive(addresses);
  return from === null ? SAMPLE_ARCHIVE : REPLAYED_ARCHIVE;
}
