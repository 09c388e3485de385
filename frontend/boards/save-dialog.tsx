// Saves the view as a new board, with a title; or the changes of the board that is open.

import { useState } from 'preact/hooks';
import { counted } from '../../core/documents/format.ts';
import { filterWords } from '../main/title.ts';
import { catalogue, ENTRY } from '../shared/catalogue.ts';
import { closeDialog } from './dialog-state.ts';
import { MOST } from './document.ts';
import { Form, NotesField, TextField } from './fields.tsx';
import { entryOf, mayChange } from './mine.ts';
import { list } from './port.ts';
import { isChanged, newContent, openBoard, saveAsNew, saveChanges, titleFor } from './state.ts';

export function SaveDialog() {
  const open = openBoard();
  const [title, setTitle] = useState(open?.draft.title ?? titleFor());
  const [notes, setNotes] = useState(open?.draft.notes ?? '');
  const [wrong, tell] = useState<string | null>(null);
  const [isBusy, work] = useState(false);
  const content = newContent(title.trim(), notes);
  const isOwn = open?.saved && mayChange(entryOf(open.saved.id));
  const save = async () => {
    work(true);
    const problem = await saveAsNew(content);
    work(false);
    if (problem === null) closeDialog();
    else tell(problem.text);
  };
  const saveOpen = () => {
    closeDialog();
    void saveChanges();
  };
  return (
    <Form
      submit={open?.saved ? 'Save as a new board' : 'Save'}
      isBusy={isBusy}
      onSubmit={() => void save()}
      wrong={wrong}
      more={
        isOwn &&
        isChanged.value && (
          <button type="button" onClick={saveOpen}>
            Save changes
          </button>
        )
      }
    >
      <TextField value={title} most={MOST.title} required take={setTitle} />
      <NotesField value={notes} most={MOST.notes} take={setNotes} />
      <h3 id="saved-parts">What will be saved</h3>
      <ul class="saved-parts" aria-labelledby="saved-parts">
        {partsOf(content).map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
      <p class="quiet">
        Whoever has its link can read a board. It is kept as long as it is used: the least used go
        first when there is no more room.
      </p>
    </Form>
  );
}

function partsOf({ view, pinned, columns, widgets }: ReturnType<typeof newContent>): string[] {
  const { COLUMN_NAMES, found } = list();
  const filters = filterWords(view);
  const order = `Sorted by ${COLUMN_NAMES[view.sort]?.toLowerCase()}${view.descending ? ', descending' : ''}`;
  return [
    `${filters.length > 0 ? filters.join(', ') : `All ${ENTRY}s of ${catalogue.words.title}`} (${counted(found(view).length, ENTRY)} now)`,
    order,
    ...(pinned.length > 0 ? [counted(pinned.length, `pinned ${ENTRY}`)] : []),
    ...(columns ? [`Columns: ${columns.map((key) => COLUMN_NAMES[key]).join(', ')}`] : []),
    ...(widgets.length > 0 ? [counted(widgets.length, 'widget')] : []),
  ];
}
