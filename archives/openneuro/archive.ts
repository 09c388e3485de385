// The sources of an OpenNeuro archive, made from its addresses: the same for the command line,
// Lambda and tests.

import type { HttpClient } from '../../core/http.ts';
import { createDoiSource } from '../../core/protocols/datacite.ts';
import { createMirrorSource } from '../../core/protocols/git/mirror.ts';
import { createSecondReader, type SecondReader } from '../../core/protocols/git/second-reader.ts';
import { createExportSource } from '../../core/protocols/s3/export.ts';
import type { ExportSource, MirrorSource } from '../../core/protocols/sources.ts';
import { createRegistrySource } from './registry.ts';
import type { DoiSource, RegistrySource } from './sources.ts';

export interface ArchiveAddresses {
  /** GraphQL endpoint. */
  readonly registryUrl: string;
  /** `/{id}.git` is added. */
  readonly mirrorUrl: string;
  /** Bucket, path style; `/{id}/…` is added. */
  readonly exportUrl: string;
  /** `/{doi}` is added. */
  readonly doiUrl: string;
}

export interface ArchiveOptions extends ArchiveAddresses {
  readonly http: HttpClient;
  /** Bearer token of the registry; public data needs none. */
  readonly token?: string | undefined;
  /** For the host of the mirrors; public mirrors need none. */
  readonly mirrorToken?: string | undefined;
  /**
   * What the host of the mirrors answers for a repository that does not exist
   * (core/protocols/git/refusal.ts).
   */
  readonly mirrorAbsent?: string | undefined;
  /**
   * Called once for each of the two tokens that is refused: public data is then read without it.
   */
  readonly onTokenRefused?: ((place: string, status: number) => void) | undefined;
  /** Datasets in a registry page. */
  readonly pageSize?: number | undefined;
}

export function openArchive(options: ArchiveOptions): {
  readonly registry: RegistrySource;
  readonly mirror: MirrorSource;
  readonly export: ExportSource;
  readonly dois: DoiSource;
  readonly secondReader: SecondReader;
} {
  const { http, registryUrl, mirrorUrl, exportUrl, token, mirrorToken, pageSize } = options;
  const refused = (place: 'registry' | 'mirror') => (status: number) =>
    options.onTokenRefused?.(place, status);
  return {
    registry: createRegistrySource({
      http,
      url: registryUrl,
      token,
      onTokenRefused: refused('registry'),
      ...(pageSize !== undefined && { pageSize }),
    }),
    mirror: createMirrorSource({
      http,
      baseUrl: mirrorUrl,
      token: mirrorToken,
      absentText: options.mirrorAbsent,
      onTokenRefused: refused('mirror'),
    }),
    export: createExportSource({ http, baseUrl: exportUrl }),
    dois: createDoiSource(http, options.doiUrl),
    secondReader: createSecondReader(http, mirrorUrl),
  };
}
