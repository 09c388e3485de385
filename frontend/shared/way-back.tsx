// The link to the list, on every other page.

import { listAddress } from './summary.ts';

export const WayBack = () => (
  <nav aria-label="Way back">
    <a href={listAddress()}>← All datasets</a>
  </nav>
);
