// Explains keys and signs; has the switch for single keys.

import './common.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { Badge } from './badge.tsx';
import { toCopyByHand } from './clipboard.ts';
import { Dialog } from './dialog.tsx';
import { helpOpen } from './dialogs.tsx';
import { allowSingleKeys, singleKeys } from './settings.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'search'],
  ['\u2191 \u2193', 'move in a list or a group of buttons; Home and End as well'],
  ['\u2192 \u2190', 'open and close a folder'],
  ['Enter', 'open the dataset'],
  ['b', 'save the view, where there are boards'],
  ['Esc', 'empty the search; close this'],
  ['?', 'this help'],
];

const MEANINGS = {
  error: 'something is missing, wrong or closed',
  'version-mismatch': 'the export is not of the latest snapshot',
  warning: 'it works, but not as it should',
  pending: 'never measured, or just published; each check says which',
  ok: 'everything agrees',
} as const;

export function Help() {
  if (!helpOpen.value) return null;
  return (
    <Dialog
      title="Help"
      close={() => {
        helpOpen.value = false;
      }}
    >
      <dl class="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="choice">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => allowSingleKeys(event.currentTarget.checked)}
        />
        Single keys (<kbd>/</kbd>, <kbd>b</kbd> and <kbd>?</kbd>) act
      </label>
      <dl class="meanings">
        {STATUSES.map((status) => (
          <div key={status}>
            <dt>
              <Badge status={status} />
            </dt>
            <dd>{MEANINGS[status]}</dd>
          </div>
        ))}
      </dl>
      <p>
        A dataset has the worst status of its checks; a check that is not made counts for nothing.{' '}
        <em>Unverified</em> means that the newest attempt to measure failed: the status is the last
        one measured well.
      </p>
    </Dialog>
  );
}

/** Shown if the page may not use the clipboard. */
export function CopyByHand() {
  const text = toCopyByHand.value;
  if (text === null) return null;
  return (
    <Dialog
      title="Copy by hand"
      close={() => {
        toCopyByHand.value = null;
      }}
    >
      <p>The browser does not let the page copy. Select all of this and copy it:</p>
      <textarea readOnly rows={8} value={text} aria-label="Text to copy" />
    </Dialog>
  );
}
