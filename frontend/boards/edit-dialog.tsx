// Title, notes, columns and pinned datasets of the open board. Nothing is saved by it.

import { useState } from 'preact/hooks';
import { counted } from '../../core/documents/format.ts';
import { ENTRY } from '../shared/catalogue.ts';
import { closeDialog } from './dialog-state.ts';
import { MOST, pinnedHere, pinOf } from './document.ts';
import { Field, Form, NotesField, TextField } from './fields.tsx';
import { list } from './port.ts';
import { change, openBoard } from './state.ts';

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

export function EditDialog() {
  const open = openBoard();
  const { COLUMN_NAMES, NO_BOARD, index, shown, rowAt } = list();
  const [title, setTitle] = useState(open?.draft.title ?? '');
  const [notes, setNotes] = useState(open?.draft.notes ?? '');
  const [columns, setColumns] = useState<readonly string[]>(
    open?.draft.columns ?? NO_BOARD.columns,
  );
  const [pins, setPins] = useState(open ? pinnedHere(open.draft).join('\n') : '');
  const [wrong, tell] = useState<string | null>(null);
  if (open === null) return null;
  const ids = idsIn(pins);
  const isWhole = columns.length === NO_BOARD.columns.length;
  const apply = () => {
    const invalid = ids.find((id) => !ID.test(id));
    if (invalid !== undefined) return tell(`This is no id of a ${ENTRY}: ${invalid}`);
    if (ids.length > MOST.pinned) return tell(`Pin ${counted(MOST.pinned, ENTRY)} at most.`);
    const elsewhere = open.draft.pinned.filter(
      (pin) => !pinnedHere(open.draft).some((id) => pinOf(id) === pin),
    );
    change({
      title: title.trim(),
      notes,
      columns: isWhole ? null : columns,
      pinned: [...ids.map(pinOf), ...elsewhere].slice(0, MOST.pinned),
    });
    closeDialog();
  };
  const known = new Set(index.value.ids);
  const unknown = ids.filter((id) => !known.has(id)).length;
  return (
    <Form submit="Apply" onSubmit={apply} wrong={wrong}>
      <TextField value={title} most={MOST.title} required take={setTitle} />
      <NotesField value={notes} most={MOST.notes} take={setNotes} />
      <fieldset class="column-choice">
        <legend>Columns</legend>
        {NO_BOARD.columns.map((key) => (
          <label key={key}>
            <input
              type="checkbox"
              checked={columns.includes(key)}
              disabled={key === 'id'}
              onChange={({ currentTarget: { checked } }) =>
                setColumns(
                  NO_BOARD.columns.filter((one) => (one === key ? checked : columns.includes(one))),
                )
              }
            />{' '}
            {COLUMN_NAMES[key]}
          </label>
        ))}
      </fieldset>
      <Field
        label={`Pinned ${ENTRY}s, which come first (ids, one a line)`}
        hint={`${counted(ids.length, ENTRY)}${unknown > 0 ? `, ${unknown} not listed here` : ''}`}
      >
        <textarea
          rows={4}
          value={pins}
          spellcheck={false}
          onInput={(event) => setPins(event.currentTarget.value)}
        />
      </Field>
      {shown.value.length > 0 && shown.value.length <= MOST.pinned && (
        <button
          type="button"
          class="plain add-listed"
          onClick={() => {
            const listed = Array.from(shown.value, (row) => rowAt(row).id);
            setPins([...new Set([...ids, ...listed])].join('\n'));
          }}
        >
          {`Add all that the list shows (${counted(shown.value.length, ENTRY)})`}
        </button>
      )}
    </Form>
  );
}

const idsIn = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];
