// The dialogs of boards, loaded when the first one opens.

import '../shared/common.ts';
import { Dialog } from '../shared/dialog.tsx';
import { dialog } from './dialog-state.ts';
import { EditDialog } from './edit-dialog.tsx';
import { MyBoards } from './my-boards.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { ShareDialog } from './share-dialog.tsx';
import { WidgetDialog } from './widget-dialog.tsx';

const TITLES = {
  save: 'Save view',
  mine: 'My boards',
  edit: 'Edit the board',
  share: 'Share the board',
  widget: 'Edit the widget',
} as const;

export function Dialogs() {
  const open = dialog.value;
  if (open === null) return null;
  return (
    <Dialog
      title={open.kind === 'widget' && open.id === null ? 'Add a widget' : TITLES[open.kind]}
      close={() => {
        dialog.value = null;
      }}
    >
      <div class="board-dialog">
        {open.kind === 'save' && <SaveDialog />}
        {open.kind === 'mine' && <MyBoards />}
        {open.kind === 'edit' && <EditDialog />}
        {open.kind === 'share' && <ShareDialog />}
        {open.kind === 'widget' && <WidgetDialog id={open.id} />}
      </div>
    </Dialog>
  );
}
