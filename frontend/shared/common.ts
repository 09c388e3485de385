// What every page loads at first, in one file: many small ones compress worse. Each entry of the
// bundle imports this, also those that are loaded later.

import 'preact';
import 'preact/hooks';
import '@preact/signals';
import '../../core/documents/format.ts';
import '../../core/documents/vocabulary.ts';
import '../../core/documents/words.ts';
import '../main/cells.ts';
import './age.tsx';
import './archive.tsx';
import './archives.tsx';
import './badge.tsx';
import './catalogue.ts';
import './clipboard.ts';
import './dialogs.tsx';
import './group.ts';
import './load.ts';
import './masthead.tsx';
import './media.ts';
import './roving.ts';
import './settings.ts';
import './shortcuts.ts';
import './status.ts';
import './summary.ts';
import './trouble.tsx';
import './visible.ts';
import './window.ts';
