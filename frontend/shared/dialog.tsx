// The browser's modal dialog: it keeps the focus inside, and Escape closes it.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface Props {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, close, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
    // Where there is something to type, that comes first.
    element.current?.querySelector<HTMLInputElement>('input[type="text"]')?.focus();
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby="dialog-title"
      onClose={close}
      onClick={(event) => {
        if (event.target === element.current) element.current?.close();
      }}
    >
      <div class="top">
        <h2 id="dialog-title">{title}</h2>
        <button type="button" class="plain" onClick={() => element.current?.close()}>
          <Icon sign="close" label="Close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}
