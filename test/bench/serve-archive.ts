// An archive served by its own process, so that its work does not count for a measured process.

import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Traffic } from '../../core/traffic.ts';
import type { ArchiveSpec } from './archives.ts';
import type { Answer, Order, Ready } from './server.ts';

export interface Addresses {
  readonly registry: string;
  readonly mirror: string;
  /** Path style; its last part is the bucket. */
  readonly export: string;
}

export interface Served {
  readonly datasets: number;
  /** Over plain HTTP, or with the export over TLS. */
  addresses(tls: boolean): Addresses;
  /** File with the certificate to be trusted. */
  readonly certificate: string;
  begin(latency: number): Promise<void>;
  traffic(): Promise<Traffic>;
  close(): void;
}

/** @param folder for the certificate */
export async function serve(spec: ArchiveSpec, folder: string): Promise<Served> {
  const child = fork(join(import.meta.dirname, 'server.ts'), [JSON.stringify(spec)], {
    // Bodies of a large archive are kept outside the heap; generating them needs some room.
    execArgv: ['--max-old-space-size=6144'],
  });
  const { url, tlsUrl, certificate, datasets } = (await next(child)) as Ready;
  const file = join(folder, 'certificate.pem');
  writeFileSync(file, certificate);
  const ask = (order: Order): Promise<Answer> => {
    child.send(order);
    return next(child);
  };
  return {
    datasets,
    certificate: file,
    addresses: (tls) => ({
      registry: `${url}/crn/graphql`,
      mirror: `${url}/git`,
      export: `${tls ? tlsUrl : url}/openneuro.org`,
    }),
    async begin(latency) {
      await ask({ begin: latency });
    },
    traffic: async () => (await ask('traffic')) as Traffic,
    close() {
      if (child.connected) child.disconnect();
    },
  };
}

function next(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the server ended (${code})`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as Answer);
    });
  });
}
