// Opens the report (report.tsx), which is loaded when a person asks for it.

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { Row } from '../../core/documents/rows.ts';
import type { Fixer } from '../../core/monitor/check.ts';
import { say } from '../shared/clipboard.ts';
import type { ReportProps } from './report.tsx';

interface Props {
  readonly id: string;
  readonly row: Row;
  readonly who: Fixer;
}

const dialog = signal<FunctionComponent<ReportProps> | null>(null);
const isOpen = signal(false);

const WHOM = {
  operators: 'Report it to them',
  owner: 'Report it to the owner',
  nobody: 'Report it',
} as const;

export function ReportButton({ id, row, who }: Props) {
  const Report = dialog.value;
  const open = async () => {
    try {
      dialog.value ??= (await import('./report.tsx')).Report;
      isOpen.value = true;
    } catch {
      say('The report could not be loaded. Reload the page.');
    }
  };
  return (
    <>
      <button type="button" class="main" aria-haspopup="dialog" onClick={() => void open()}>
        {WHOM[who]}
      </button>
      {isOpen.value && Report && (
        <Report
          id={id}
          row={row}
          close={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}
