// What a reader must know before trusting the numbers: a held publish, a failed run, an unreadable
// registry, old data.

import { runMessage } from '../../core/documents/sentences.ts';
import { now } from '../shared/clock.ts';
import { MessageBox } from '../shared/message.tsx';
import { report, runStatus } from '../shared/status.ts';

/** @param published when the shown data was published */
export function Banner({ published }: { published: string }) {
  const broken = runStatus.value.kind === 'broken' ? UNREADABLE : null;
  const message = runMessage(report(), published, now.value) ?? broken;
  return <MessageBox of={message} label="State of the data" />;
}

const UNREADABLE = { title: 'The report of the last run cannot be read.', why: [] };
