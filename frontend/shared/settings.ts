// Choices that stay in this browser: theme and single-key shortcuts. If storage is forbidden, a
// choice lasts as long as the page.

import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const THEME = 'mirrorwatch.theme';
const KEYS = 'mirrorwatch.keys';

export const theme = signal<Theme>(readTheme());
/** Single keys (`/`, `?`) act; some people's input methods need them off. */
export const singleKeys = signal(read(KEYS) !== 'off');

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  write(THEME, chosen === 'system' ? null : chosen);
  applyTheme(chosen);
}

export function allowSingleKeys(allowed: boolean): void {
  singleKeys.value = allowed;
  write(KEYS, allowed ? null : 'off');
}

function readTheme(): Theme {
  const stored = read(THEME);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function applyTheme(chosen: Theme): void {
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Only the memory of a choice is lost.
  }
}
