// What is to be known before the numbers are believed: a publish that was held, a run that
// failed, data that is old. From data/status.json.

import type { RunStatus } from '../../core/model/documents.ts';
import { now } from './clock.ts';
import { age, moment } from './format.ts';
import { Icon } from './icons.tsx';
import type { Loaded } from './load.ts';
import { visible } from './visible.ts';

/** The alarm "not run for 26 h" of architecture.md section 5: a daily run and two hours. */
const STALE_AFTER = 26 * 3_600_000;

export function readStatus(document: unknown): RunStatus {
  const status = document as RunStatus;
  const { outcome, finishedAt, why } = status.lastRun;
  if (!['published', 'held', 'failed'].includes(outcome) || !Array.isArray(why)) throw new Error();
  if (Number.isNaN(Date.parse(finishedAt))) throw new Error('finishedAt is no instant');
  return status;
}

export interface Message {
  readonly title: string;
  readonly why: readonly string[];
}

/** What the banner says; null when there is nothing to say. `published`: the age of what is shown. */
export function messageOf(
  status: Loaded<RunStatus>,
  published: string,
  time: number,
): Message | null {
  const shown = `What you see is of ${moment(published)}.`;
  if (status.kind === 'loaded') {
    const { outcome, finishedAt, why } = status.value.lastRun;
    if (outcome === 'held') {
      return { title: `Publishing was held at ${moment(finishedAt)}. ${shown}`, why };
    }
    if (outcome === 'failed') {
      return { title: `The run of ${moment(finishedAt)} failed. ${shown}`, why };
    }
  }
  if (time - Date.parse(published) > STALE_AFTER) {
    return { title: `Nothing new for ${age(published, time)}. ${shown}`, why: [] };
  }
  if (status.kind === 'broken') {
    return { title: 'The report of the last run cannot be read.', why: [] };
  }
  return null;
}

export function Banner(props: { status: Loaded<RunStatus>; published: string }) {
  const message = messageOf(props.status, props.published, now.value);
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
