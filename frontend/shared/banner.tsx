// What is to be known before the numbers are believed: a publish that was held, a run that
// failed, data that is old. From data/status.json.

import type { RunStatus } from '../../core/model/documents.ts';
import { runMessage } from '../../core/model/sentences.ts';
import { readArchive } from './archive.tsx';
import { now } from './clock.ts';
import { Icon } from './icons.tsx';
import type { Loaded } from './load.ts';
import { visible } from './visible.ts';

export function readStatus(document: unknown): RunStatus {
  const status = document as RunStatus;
  const { outcome, finishedAt, why } = status.lastRun;
  if (!['published', 'held', 'failed'].includes(outcome) || !Array.isArray(why)) throw new Error();
  if (Number.isNaN(Date.parse(finishedAt))) throw new Error('finishedAt is no instant');
  // Whose data it is must be known, or the whole report is none.
  readArchive(status.archive);
  return status;
}

/** @param published when what is shown was published */
export function Banner({ status, published }: { status: Loaded<RunStatus>; published: string }) {
  const report = status.kind === 'loaded' ? status.value : null;
  const message =
    runMessage(report, published, now.value) ?? (status.kind === 'broken' ? UNREADABLE : null);
  if (message === null) return null;
  return (
    <aside class="banner" aria-label="State of the data">
      <Icon sign="warning" />
      <div>
        <strong>{message.title}</strong>
        {message.why.map((sentence) => (
          <p key={sentence}>{visible(sentence)}</p>
        ))}
      </div>
    </aside>
  );
}

const UNREADABLE = { title: 'The report of the last run cannot be read.', why: [] };
