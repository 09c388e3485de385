// The line at the top of every page: a link past it, title, archives, time of the data, theme, help.

import type { ComponentChildren } from 'preact';
import { whoseDatasets } from './archive.tsx';
import { ArchiveChoice } from './archives.tsx';
import { archiveAddress, chosen } from './catalogue.ts';
import { notice } from './clipboard.ts';
import { Dialogs, type HelpParts, helpOpen } from './dialogs.tsx';
import { useGroup } from './group.ts';
import { Icon } from './icons.tsx';
import { chooseTheme, type Theme, theme } from './settings.ts';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'Theme of the system'],
  ['light', 'Light theme'],
  ['dark', 'Dark theme'],
];

interface Props {
  readonly children: ComponentChildren;
  readonly loadHelp: () => Promise<HelpParts>;
  /** What the first link of the page leads to, past all that is above it. */
  readonly skipTo?: { readonly name: string; readonly find: () => HTMLElement | null };
}

const CONTENT = { name: 'content', find: () => document.querySelector('main') };

export function Masthead({ children, loadHelp, skipTo: { name, find } = CONTENT }: Props) {
  const themes = useGroup();
  return (
    <header class="masthead">
      <button
        type="button"
        class="skip"
        onClick={() => {
          const target = find();
          if (target?.tagName === 'MAIN') target.tabIndex = -1;
          target?.focus();
        }}
      >
        Skip to the {name}
      </button>
      <a class="name" href={archiveAddress(chosen)}>
        <svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M2.5 4.5h6v11h-6zM11.5 4.5h6v11h-6zM10 1.5v17" />
        </svg>
        Mirrorwatch
      </a>
      <ArchiveChoice />
      <span class="about">{whoseDatasets()}, their mirrors and exports</span>
      <span class="fresh">{children}</span>
      <div class="themes" role="toolbar" aria-label="Theme" ref={themes}>
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
      <Dialogs load={loadHelp} />
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
