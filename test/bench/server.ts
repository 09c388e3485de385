// The process that serves one archive to the measured ones. Its parent (served.ts) talks to it by
// messages.

import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { Traffic } from '../../core/traffic.ts';
import { selfSigned } from '../core/http/certificate.ts';
import { type ArchiveSpec, openArchive } from './archives.ts';
import { openFront } from './front.ts';

export type Order = { readonly begin: number } | 'traffic';

export interface Ready {
  readonly url: string;
  readonly tlsUrl: string;
  /** PEM, to be trusted by the measured processes. */
  readonly certificate: string;
  readonly datasets: number;
}

export type Answer = Ready | Traffic | 'begun';

const archive = openArchive(JSON.parse(process.argv[2] ?? '') as ArchiveSpec);
const sample = await startSampleArchive({ archive });
const certificate = selfSigned();
const front = await openFront(sample.url, certificate);

const say = (answer: Answer) => process.send?.(answer);
process.on('message', (order: Order) => {
  if (order === 'traffic') {
    say(front.traffic());
  } else {
    front.begin(order.begin);
    say('begun');
  }
});
// Without a parent no servers are needed.
process.on('disconnect', () => process.exit());
say({
  url: front.url,
  tlsUrl: front.tlsUrl,
  certificate: certificate.cert,
  datasets: archive.datasets.length,
});
