// The first rows of a view, which need not be the one of the list.

import { counted, date } from '../../core/documents/format.ts';
import { Badge } from '../shared/badge.tsx';
import { chosen, ENTRY } from '../shared/catalogue.ts';
import { datasetAddress } from '../shared/summary.ts';
import { visible } from '../shared/visible.ts';
import { readBoardView } from './document.ts';
import { list } from './port.ts';
import type { WidgetOf } from './widget-document.ts';
import { catalogueById } from './widget-titles.ts';

export function ListWidget({ widget }: { readonly widget: WidgetOf<'list'> }) {
  const { archive = chosen.id } = widget.view;
  if (archive !== chosen.id) {
    const title = catalogueById(archive)?.words.title ?? visible(archive);
    return (
      <div class="widget-body" tabIndex={0} role="group" aria-label="List">
        <p class="quiet">{`The list of ${title} is not on this page.`}</p>
      </div>
    );
  }
  const { view, unknown } = readBoardView(widget.view);
  const { found, rowAt, writeView, NO_BOARD } = list();
  const rows = found(view);
  return (
    <div class="widget-body" tabIndex={0} role="group" aria-label="List">
      <table class="list-table" aria-label={`The first ${widget.limit}`}>
        <thead class="unseen">
          <tr>
            <th scope="col">Status</th>
            <th scope="col">{ENTRY}</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {Array.from(rows.slice(0, widget.limit), rowAt).map(({ id, name, status, since }) => (
            <tr key={id}>
              <td>
                <Badge status={status} />
              </td>
              <th scope="row">
                <a href={datasetAddress(id)}>{id}</a>{' '}
                {name && <bdi class="quiet">{visible(name)}</bdi>}
              </th>
              <td class="quiet">{since && <time dateTime={since}>{date(since)}</time>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        {unknown > 0 && `${counted(unknown, 'filter')} no longer known. `}
        <a href={`index.html${writeView(view, NO_BOARD.view, '')}`}>
          {`All ${counted(rows.length, ENTRY)} of this view`}
        </a>
      </p>
    </div>
  );
}
