// What is to be known before the numbers are believed: a publish that was held, a run that failed, a
// registry that could not be read, data that is old.

import { runMessage } from '../../core/documents/sentences.ts';
import { now } from '../shared/clock.ts';
import { MessageBox } from '../shared/message.tsx';
import { report, runStatus } from '../shared/status.ts';

/** @param published when what is shown was published */
export function Banner({ published }: { published: string }) {
  const broken = runStatus.value.kind === 'broken' ? UNREADABLE : null;
  const message = runMessage(report(), published, now.value) ?? broken;
  return <MessageBox of={message} label="State of the data" />;
}

const UNREADABLE = { title: 'The report of the last run cannot be read.', why: [] };
