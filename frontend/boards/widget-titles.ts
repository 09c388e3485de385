// What a widget is called that has no title of its own, and what series are called.

import { ARCHIVES } from '../../archives/index.ts';
import { type Catalogue, catalogueOf } from '../../core/documents/catalogue.ts';
import { capital } from '../../core/documents/coverage.ts';
import type { Status } from '../../core/documents/vocabulary.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { parseSeries } from '../../core/history/series.ts';
import { OVERALL } from '../../core/history/verdict-text.ts';
import { chosen } from '../shared/catalogue.ts';
import type { Widget } from './widget-document.ts';

/** Null for an archive that the page does not know. */
export function catalogueById(id: string): Catalogue | null {
  const archive = ARCHIVES.find((one) => one.id === id);
  return archive ? catalogueOf(archive) : null;
}

export const checkName = (catalogue: Catalogue | null, check: string | undefined): string =>
  check === undefined || check === OVERALL
    ? 'All checks'
    : (catalogue?.checkById.get(check)?.words.name ?? check);

/** `Error`, `Export files: Error`, `Files missing`, `ds000117` */
export function seriesName(name: string): string {
  const parsed = parseSeries(name);
  if (parsed === null) return name;
  const catalogue = catalogueById(parsed.archive);
  const whose = parsed.archive === chosen.id ? '' : `${catalogue?.words.title ?? parsed.archive}: `;
  if (parsed.of === 'dataset') {
    const check = parsed.check === OVERALL ? '' : `: ${checkName(catalogue, parsed.check)}`;
    return `${whose}${parsed.id}${check}`;
  }
  return whose + columnName(catalogue, parsed.column);
}

function columnName(catalogue: Catalogue | null, column: string): string {
  const dot = column.indexOf('.');
  const [first, second] = dot < 0 ? [column, ''] : [column.slice(0, dot), column.slice(dot + 1)];
  if (second === '') {
    return first === 'total' ? capital(`${catalogue?.words.entry ?? 'dataset'}s`) : capital(first);
  }
  if (first === 'issue') return catalogue?.issues.get(second)?.label ?? second;
  if (first === 'notChecked') return `${checkName(catalogue, second)}: not checked`;
  const status = STATUS_WORDS[second as Status] ?? second;
  return first === OVERALL ? status : `${checkName(catalogue, first)}: ${status}`;
}

export function widgetTitle(widget: Widget): string {
  if (widget.title) return widget.title;
  switch (widget.kind) {
    case 'curve':
      return widget.series.map(seriesName).join(', ');
    case 'counts': {
      const catalogue = catalogueById(widget.archive);
      return `Statuses: ${checkName(catalogue, widget.check).toLowerCase()}`;
    }
    case 'list':
      return 'List';
    case 'strip': {
      const [archive = '', id = ''] = widget.dataset.split(':');
      return widget.check ? `${id}: ${checkName(catalogueById(archive), widget.check)}` : id;
    }
    case 'note':
      return 'Note';
  }
}
