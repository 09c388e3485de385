// The widgets of the open board on their grid: each with its title, and with handles while they are
// arranged. The arrow keys move and size a widget as well as dragging does.

import '../shared/common.ts';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../shared/clipboard.ts';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { arranging } from './arranging.ts';
import { CountsWidget } from './counts.tsx';
import { CurveWidget } from './curve.tsx';
import { dialog } from './dialog-state.ts';
import { arranged, placedAt, placeWords, stepped } from './layout.ts';
import { ListWidget } from './list.tsx';
import { change, openBoard } from './state.ts';
import { StripWidget } from './strip.tsx';
import type { Layout, Widget } from './widget-document.ts';
import { widgetTitle } from './widget-titles.ts';

export function Widgets() {
  const grid = useRef<HTMLDivElement>(null);
  // While a widget is dragged its place changes, and the board only when it is let go.
  const [dragged, drag] = useState<readonly Widget[] | null>(null);
  const widgets = dragged ?? arranged(openBoard()?.draft.widgets ?? []);
  return (
    <div class={arranging.value ? 'widgets arranging' : 'widgets'} ref={grid}>
      {widgets.map((widget) => (
        <Frame
          key={widget.id}
          widget={widget}
          handles={
            arranging.value && (
              <Handles
                widget={widget}
                cell={() => cellOf(grid.current)}
                drag={(to) => drag(to && placedAt(stored(), widget.id, to))}
              />
            )
          }
        />
      ))}
    </div>
  );
}

const stored = (): readonly Widget[] => arranged(openBoard()?.draft.widgets ?? []);

/** Pixels from the beginning of a column and of a row to the next one. */
function cellOf(grid: HTMLElement | null): readonly [number, number] {
  const { columnGap, gridAutoRows } = getComputedStyle(grid as HTMLElement);
  const gap = Number.parseFloat(columnGap) || 0;
  const width = ((grid?.clientWidth ?? 0) + gap) / 12;
  return [width, (Number.parseFloat(gridAutoRows) || 1) + gap];
}

interface FrameProps {
  readonly widget: Widget;
  readonly handles: ComponentChildren;
}

function Frame({ widget, handles }: FrameProps) {
  const { id, layout, kind } = widget;
  const { x, y, w, h } = layout;
  const name = `title-${id}`;
  return (
    <article
      class={`widget widget-${kind}`}
      aria-labelledby={name}
      style={{ gridArea: `${y + 1} / ${x + 1} / span ${h} / span ${w}` }}
    >
      <header>
        <h3 id={name}>
          <bdi>{visible(widgetTitle(widget))}</bdi>
        </h3>
        {handles}
      </header>
      <Body widget={widget} />
    </article>
  );
}

function Body({ widget }: { readonly widget: Widget }) {
  switch (widget.kind) {
    case 'curve':
      return <CurveWidget widget={widget} />;
    case 'counts':
      return <CountsWidget widget={widget} />;
    case 'list':
      return <ListWidget widget={widget} />;
    case 'strip':
      return <StripWidget widget={widget} />;
    case 'note':
      return (
        <div class="widget-body" tabIndex={0} role="group" aria-label="Text">
          <p class="board-notes">{widget.text.split('\n').map(visible).join('\n')}</p>
        </div>
      );
  }
}

interface HandlesProps {
  readonly widget: Widget;
  readonly cell: () => readonly [number, number];
  /** Null ends it. */
  readonly drag: (to: Partial<Layout> | null) => void;
}

function Handles({ widget, cell, drag }: HandlesProps) {
  const { id } = widget;
  const title = visible(widgetTitle(widget));
  const remove = () => {
    change({ widgets: stored().filter((one) => one.id !== id) });
    say(`${title} is removed.`);
  };
  return (
    <div class="handles">
      {(['move', 'size'] as const).map((how) => (
        <Handle key={how} {...{ widget, title, how, cell, drag }} />
      ))}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={`Edit ${title}`}
        onClick={() => {
          dialog.value = { kind: 'widget', id };
        }}
      >
        Edit
      </button>
      <button type="button" aria-label={`Remove ${title}`} onClick={remove}>
        <Icon sign="close" />
      </button>
    </div>
  );
}

interface HandleProps extends HandlesProps {
  readonly title: string;
  readonly how: 'move' | 'size';
}

function Handle({ widget, title, how, cell, drag }: HandleProps) {
  const { id, layout } = widget;
  const from = useRef<{ readonly x: number; readonly y: number; readonly layout: Layout } | null>(
    null,
  );
  const told = useRef<Partial<Layout> | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isKeyed = useRef(false);
  // A widget that moves in the order of reading loses the focus.
  useEffect(() => {
    if (isKeyed.current) button.current?.focus();
    isKeyed.current = false;
  });
  const settle = (widgets: readonly Widget[]) => {
    change({ widgets });
    const place = widgets.find((one) => one.id === id)?.layout ?? layout;
    say(`${title}: ${placeWords(place)}.`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = stepped(stored(), id, event.key, how);
    if (next === null) return;
    event.preventDefault();
    isKeyed.current = true;
    settle(next);
  };
  const onPointerMove = (event: PointerEvent) => {
    const start = from.current;
    if (start === null) return;
    const [width, height] = cell();
    const right = Math.round((event.clientX - start.x) / width);
    const down = Math.round((event.clientY - start.y) / height);
    const { x, y, w, h } = start.layout;
    told.current = how === 'move' ? { x: x + right, y: y + down } : { w: w + right, h: h + down };
    drag(told.current);
  };
  const onPointerUp = () => {
    from.current = null;
    drag(null);
    if (told.current) settle(placedAt(stored(), id, told.current));
    told.current = null;
  };
  return (
    <button
      type="button"
      class={`handle ${how}`}
      ref={button}
      aria-label={`${how === 'move' ? 'Move' : 'Size'} ${title}: arrow keys`}
      title={`${how === 'move' ? 'Move' : 'Size'}: drag, or use the arrow keys`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, y: event.clientY, layout };
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        from.current = null;
        told.current = null;
        drag(null);
      }}
    >
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path
          d={
            how === 'move'
              ? 'M8 1.6v12.8M1.6 8h12.8M6 3.6l2-2 2 2M6 12.4l2 2 2-2M3.6 6l-2 2 2 2M12.4 6l2 2-2 2'
              : 'M13.6 5.2v8.4H5.2M13.6 13.6 2.4 2.4M2.4 6.4v-4h4'
          }
        />
      </svg>
    </button>
  );
}
