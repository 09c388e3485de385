// The comparison as one list: files missing in the export, extra files there, unchanged in between.

import { useRef } from 'preact/hooks';
import { printing } from '../shared/media.ts';
import { visible } from '../shared/visible.ts';
import { useWindow } from '../shared/window.ts';
import type { Line } from './unified-lines.ts';

/** Pixels, as style.css has it: `--line-row`. */
const ROW_HEIGHT = 22;
/** Nobody prints 80,880 lines on purpose. */
export const PRINTED = 2_000;

export function LineList({ lines }: { lines: readonly Line[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const everything = printing.value && lines.length <= PRINTED;
  const range = useWindow(list, scroller, lines.length, ROW_HEIGHT, everything);
  return (
    <div class="frame" ref={scroller} tabIndex={0} role="region" aria-label="List of paths">
      <ul
        class="lines"
        ref={list}
        style={{
          paddingTop: `${range.first * ROW_HEIGHT}px`,
          paddingBottom: `${(lines.length - range.end) * ROW_HEIGHT}px`,
        }}
      >
        {lines.slice(range.first, range.end).map((line, at) => (
          <LineRow
            key={range.first + at}
            line={line}
            place={range.first + at + 1}
            of={lines.length}
          />
        ))}
      </ul>
    </div>
  );
}

function LineRow({ line, place, of }: { line: Line; place: number; of: number }) {
  if (line.kind === 'gap') {
    return (
      <li class="gap" aria-setsize={of} aria-posinset={place} title="Unchanged files are left out">
        <span aria-hidden="true">⋯</span>
        <span class="unseen">unchanged files are left out</span>
      </li>
    );
  }
  return (
    <li class={line.kind} aria-setsize={of} aria-posinset={place}>
      <span class="kind">
        {line.kind === 'context' ? <span class="unseen">unchanged</span> : line.kind}
      </span>{' '}
      <bdi>{visible(line.path)}</bdi>
    </li>
  );
}
