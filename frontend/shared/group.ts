// Buttons that belong together: Tab stops at one of them, and the arrow keys move between them
// (the toolbar pattern of WAI-ARIA).

import { useCallback, useRef } from 'preact/hooks';

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
};

/** A ref for the element that holds the buttons. */
export function useGroup(): (element: HTMLElement | null) => void {
  const detach = useRef<(() => void) | null>(null);
  return useCallback((element) => {
    detach.current?.();
    detach.current = element && attach(element);
  }, []);
}

function attach(group: HTMLElement): () => void {
  const all = () => [...group.querySelectorAll('button')];
  let stop: HTMLButtonElement | undefined;
  const stopAt = (wanted = stop) => {
    const buttons = all();
    stop = buttons.find((button) => button === wanted) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  };
  const onFocus = ({ target }: FocusEvent) => stopAt(target as HTMLButtonElement);
  const onKey = (event: KeyboardEvent) => {
    const { key, altKey, ctrlKey, metaKey } = event;
    const buttons = all();
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const to = { Home: 0, End: buttons.length - 1 }[key] ?? at + (STEPS[key] ?? Number.NaN);
    if (at < 0 || Number.isNaN(to) || altKey || ctrlKey || metaKey) return;
    event.preventDefault();
    buttons[to]?.focus();
  };
  stopAt();
  const added = new MutationObserver(() => stopAt());
  added.observe(group, { childList: true, subtree: true });
  group.addEventListener('focusin', onFocus);
  group.addEventListener('keydown', onKey);
  return () => {
    added.disconnect();
    group.removeEventListener('focusin', onFocus);
    group.removeEventListener('keydown', onKey);
  };
}
