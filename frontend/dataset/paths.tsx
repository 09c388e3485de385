// Paths in a card: the first ones, and how many more there are.

import { number } from '../../core/documents/format.ts';
import { visible } from '../shared/visible.ts';
import { Fact } from './check-card.tsx';

interface PathsProps {
  readonly name: string;
  /** The total number. */
  readonly of: number;
  readonly paths: readonly { readonly path: string; readonly remark: string }[];
}

/** More are in the document. */
const SHOWN = 8;

export function Paths({ name, of, paths }: PathsProps) {
  const shown = paths.slice(0, SHOWN);
  return (
    <Fact name={name}>
      <ul class="paths">
        {shown.map(({ path, remark }) => (
          <li key={path}>
            <bdi>
              <code>{visible(path)}</code>
            </bdi>
            {remark && <span class="quiet"> {visible(remark)}</span>}
          </li>
        ))}
        {of > shown.length && <li class="quiet">{`and ${number(of - shown.length)} more`}</li>}
      </ul>
    </Fact>
  );
}
