// The sample archive, where the functions of a deployed stack reach it.

import type { SampleArchive } from '../../archives/openneuro/sample/archive.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { ArchiveUrls } from './deployment.ts';

/** The address of this machine for functions in containers; on the machine itself, loopback. */
const HOST = process.env.MIRRORWATCH_SAMPLE_HOST;

export async function startSampleForStack(
  archive: SampleArchive,
): Promise<{ readonly sample: SampleServer; readonly urls: ArchiveUrls }> {
  const sample = await startSampleArchive({ archive, ...(HOST && { host: '0.0.0.0' }) });
  const seen = (url: string) => (HOST ? url.replace('0.0.0.0', HOST) : url);
  const urls = {
    registryUrl: seen(sample.registryUrl),
    mirrorUrl: seen(sample.mirrorUrl),
    exportUrl: seen(sample.exportUrl),
    doiUrl: seen(sample.doiUrl),
  };
  return { sample, urls };
}
