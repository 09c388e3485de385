// What a reader must know before trusting the numbers: a held publish, a failed run, an unreadable
// registry, old data.

import { useEffect } from 'preact/hooks';
import { isOverdue, runMessage } from '../../core/documents/sentences.ts';
import { now } from '../shared/clock.ts';
import { MessageBox } from '../shared/message.tsx';
import { report, runStatus } from '../shared/status.ts';
import { askAgain, lastAsked } from './loading.ts';

/** That nothing is new is said only when the server was asked not longer ago than this. */
const ASKED_MS = 10 * 60_000;

/** @param published when the shown data was published */
export function Banner({ published }: { published: string }) {
  const { at, answered } = lastAsked.value;
  const broken = runStatus.value.kind === 'broken' ? UNREADABLE : null;
  const isOld = isOverdue(report(), published, now.value);
  const mustAsk = isOld && now.value - at > ASKED_MS;
  useEffect(() => {
    if (mustAsk) void askAgain();
  }, [mustAsk]);
  const isKnown = answered && !mustAsk;
  const message = runMessage(report(), published, isKnown ? now.value : Date.parse(published));
  const unanswered = isOld && !answered ? UNANSWERED : broken;
  return <MessageBox of={message ?? unanswered} label="State of the data" />;
}

const UNREADABLE = { title: 'The report of the last run cannot be read.', why: [] };
const UNANSWERED = {
  title: 'Whether there is something new is not known.',
  why: ['The server gave no trustworthy answer. This page asks again when you come back to it.'],
};
