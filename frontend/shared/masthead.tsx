// The line at the top of every page: title, age of the data, theme and help.

import type { ComponentChildren } from 'preact';
import { whoseDatasets } from './archive.tsx';
import { ArchiveChoice } from './archives.tsx';
import { archiveAddress, chosen } from './catalogue.ts';
import { notice } from './clipboard.ts';
import { CopyByHand, Help, helpOpen } from './help.tsx';
import { Icon } from './icons.tsx';
import { chooseTheme, type Theme, theme } from './settings.ts';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'Theme of the system'],
  ['light', 'Light theme'],
  ['dark', 'Dark theme'],
];

export function Masthead({ children }: { children: ComponentChildren }) {
  return (
    <header class="masthead">
      <a class="name" href={archiveAddress(chosen)}>
        <svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M2.5 4.5h6v11h-6zM11.5 4.5h6v11h-6zM10 1.5v17" />
        </svg>
        Mirrorwatch
      </a>
      <ArchiveChoice />
      <span class="about">{whoseDatasets()}, their mirrors and exports</span>
      <span class="fresh">{children}</span>
      <div class="themes" role="group" aria-label="Theme">
        {THEMES.map(([key, label]) => (
          <button
            key={key}
            type="button"
            title={label}
            aria-pressed={theme.value === key}
            onClick={() => chooseTheme(key)}
          >
            <Icon sign={key} label={label} />
          </button>
        ))}
      </div>
      <button
        type="button"
        class="help"
        aria-haspopup="dialog"
        onClick={() => {
          helpOpen.value = true;
        }}
      >
        Help
      </button>
      <Help />
      <CopyByHand />
    </header>
  );
}

/** The last action ("Link copied."), shown for a while and read out. */
export function Notice() {
  return (
    <p class="notice" role="status" key={notice.value}>
      {notice.value}
    </p>
  );
}
