// The age of something, with the exact moment as its title. On paper an age would be wrong tomorrow:
// it is the moment there.

import { age, moment } from '../../core/documents/format.ts';
import { now } from './clock.ts';
import { printing } from './media.ts';

export function Age({ at, ago = false }: { at: string | null; ago?: boolean }) {
  if (at === null) return <span class="quiet">never</span>;
  const exact = moment(at);
  const text = age(at, now.value);
  return (
    <time dateTime={at} title={exact}>
      {printing.value ? exact : ago && text !== 'just now' ? `${text} ago` : text}
    </time>
  );
}

/** When the shown data was published, and its age; always visible. */
export function DataAge({ at }: { at: string }) {
  const text = age(at, now.value);
  return (
    <>
      Data of <time dateTime={at}>{moment(at)}</time>
      <span class="old">, {text === 'just now' ? text : `${text} old`}</span>
    </>
  );
}
