// Whether the widgets are being moved and sized.

import { signal } from '@preact/signals';

export const arranging = signal(false);
