// Adds a widget to the open board, or changes one. Nothing is saved by it.

import { useEffect, useState } from 'preact/hooks';
import { capital } from '../../core/documents/coverage.ts';
import { counted } from '../../core/documents/format.ts';
import { OVERALL } from '../../core/history/verdict-text.ts';
import { filterWords } from '../main/title.ts';
import { catalogue, chosen, ENTRY } from '../shared/catalogue.ts';
import { visible } from '../shared/visible.ts';
import { closeDialog } from './dialog-state.ts';
import { boardViewOf, MOST, readBoardView } from './document.ts';
import { Choice, Field, Form, NotesField, NumberField, TextField } from './fields.tsx';
import { seriesNames } from './history.ts';
import { arranged, nextRow, placedAt } from './layout.ts';
import { list } from './port.ts';
import { change, openBoard } from './state.ts';
import {
  COLUMNS,
  type Kind,
  type Layout,
  MOST_ROWS,
  MOST_SERIES,
  type Plot,
  RANGES,
  readWidget,
  type Widget,
  type WidgetOf,
} from './widget-document.ts';
import { seriesName } from './widget-titles.ts';

const KINDS: readonly (readonly [Kind, string])[] = [
  ['curve', 'Curve: numbers over time'],
  ['counts', 'Counts: each status today'],
  ['list', 'List: the first rows of a view'],
  ['strip', `Strip: the history of a ${ENTRY}`],
  ['note', 'Note: text'],
];

const SIZES: Readonly<Record<Kind, Pick<Layout, 'w' | 'h'>>> = {
  curve: { w: 6, h: 5 },
  counts: { w: 6, h: 5 },
  list: { w: 6, h: 5 },
  strip: { w: 12, h: 4 },
  note: { w: 4, h: 3 },
};

/** All that a widget of some kind may have, while it is edited. */
interface Fields {
  readonly kind: Kind;
  readonly title: string;
  readonly layout: Layout;
  readonly series: readonly string[];
  readonly plot: Plot;
  readonly check: string;
  readonly view: WidgetOf<'list'>['view'];
  readonly limit: number;
  readonly dataset: string;
  readonly text: string;
}

function fieldsOf(widget: Widget | undefined, others: readonly Widget[]): Fields {
  const blank: Fields = {
    ...{ kind: 'curve', title: '', series: [`${chosen.id}.${OVERALL}.error`], plot: {} },
    layout: { x: 0, y: nextRow(others), ...SIZES.curve },
    ...{ check: OVERALL, view: boardViewOf(list().view.value), limit: 10, text: '' },
    dataset: '',
  };
  if (!widget) return blank;
  const dataset = widget.kind === 'strip' ? (widget.dataset.split(':')[1] ?? '') : '';
  const plot = widget.kind === 'curve' ? (widget.plot ?? {}) : {};
  const check = ('check' in widget && widget.check) || OVERALL;
  return { ...blank, ...widget, title: widget.title ?? '', dataset, plot, check };
}

function newId(widgets: readonly Widget[]): string {
  const used = new Set(widgets.map(({ id }) => id));
  let number = 1;
  while (used.has(`w${number}`)) number += 1;
  return `w${number}`;
}

/** As JSON that may still be wrong. */
function widgetOf(id: string, fields: Fields, before: Widget | undefined): object {
  const { kind, layout } = fields;
  const title = fields.title.trim();
  const common = { id, kind, ...(title !== '' && { title }), layout };
  const check = fields.check === OVERALL ? {} : { check: fields.check };
  // One of another archive stays there.
  const archiveBefore = before?.kind === 'strip' ? before.dataset.split(':')[0] : chosen.id;
  switch (kind) {
    case 'curve':
      return { ...common, series: fields.series, plot: fields.plot };
    case 'counts': {
      const archive = before?.kind === 'counts' ? before.archive : chosen.id;
      return { ...common, archive, ...check };
    }
    case 'list':
      return { ...common, view: fields.view, limit: fields.limit };
    case 'strip':
      return { ...common, dataset: `${archiveBefore}:${fields.dataset.trim()}`, ...check };
    case 'note':
      return { ...common, text: fields.text };
  }
}

const WHY_NOT: Readonly<Record<Kind, string>> = {
  curve: `A curve needs 1 to ${MOST_SERIES} series.`,
  counts: 'These counts cannot be shown.',
  list: 'Give a number of rows from 1 to 50.',
  strip: `Give the id of a ${ENTRY}.`,
  note: 'A note has 2,000 characters at most.',
};

export function WidgetDialog({ id }: { readonly id: string | null }) {
  const widgets = openBoard()?.draft.widgets ?? [];
  const before = widgets.find((widget) => widget.id === id);
  const [fields, setFields] = useState(() => fieldsOf(before, widgets));
  const [wrong, tell] = useState<string | null>(null);
  const set = (to: Partial<Fields>) => setFields((now) => ({ ...now, ...to }));
  const apply = () => {
    if (!before && widgets.length >= MOST.widgets) {
      return tell(`A board has ${counted(MOST.widgets, 'widget')} at most.`);
    }
    const { min, max } = fields.plot;
    if (min != null && max != null && min > max)
      return tell('The lowest value is above the highest.');
    const widget = readWidget(widgetOf(id ?? newId(widgets), fields, before), [
      ...new Set([chosen.id, ...widgets.flatMap(archivesIn)]),
    ]);
    if (widget === null || (widget.kind === 'curve' && fields.series.length > MOST_SERIES)) {
      return tell(WHY_NOT[fields.kind]);
    }
    const all = before
      ? widgets.map((one) => (one.id === id ? widget : one))
      : [...widgets, widget];
    change({
      widgets: before ? placedAt(all, widget.id, fields.layout) : arranged(all),
    });
    closeDialog();
  };
  return (
    <Form submit={before ? 'Apply' : 'Add'} onSubmit={apply} wrong={wrong}>
      {!before && (
        <Choice
          label="Kind"
          value={fields.kind}
          choices={KINDS}
          take={(kind) => set({ kind, layout: { ...fields.layout, ...SIZES[kind] } })}
        />
      )}
      <TextField
        label="Title (optional)"
        value={fields.title}
        most={80}
        take={(title) => set({ title })}
      />
      <OwnFields fields={fields} set={set} />
      {before && <LayoutFields layout={fields.layout} take={(layout) => set({ layout })} />}
    </Form>
  );
}

/** Archives of a widget that is there already. */
function archivesIn(widget: Widget): string[] {
  switch (widget.kind) {
    case 'curve':
      return widget.series.map((name) => name.split('.')[0] ?? '');
    case 'counts':
      return [widget.archive];
    case 'strip':
      return [widget.dataset.split(':')[0] ?? ''];
    default:
      return [];
  }
}

interface OwnProps {
  readonly fields: Fields;
  readonly set: (to: Partial<Fields>) => void;
}

const CHECK_CHOICES: readonly (readonly [string, string])[] = [
  [OVERALL, 'All checks'],
  ...catalogue.checks.map(({ id, words }) => [id, words.name] as const),
];

function OwnFields({ fields, set }: OwnProps) {
  const check = (
    <Choice
      label="Check"
      value={fields.check}
      choices={CHECK_CHOICES}
      take={(value) => set({ check: value })}
    />
  );
  switch (fields.kind) {
    case 'curve':
      return <CurveFields fields={fields} set={set} />;
    case 'counts':
      return check;
    case 'list':
      return <ListFields fields={fields} set={set} />;
    case 'strip':
      return (
        <>
          <TextField
            label={`Id of the ${ENTRY}`}
            value={fields.dataset}
            most={128}
            required
            take={(dataset) => set({ dataset })}
          />
          {check}
        </>
      );
    case 'note':
      return (
        <NotesField label="Text" value={fields.text} most={2000} take={(text) => set({ text })} />
      );
  }
}

function ListFields({ fields, set }: OwnProps) {
  const { view } = list();
  const words = filterWords(readBoardView(fields.view).view).map(visible);
  return (
    <>
      <p>
        View: {words.join(', ') || `all ${ENTRY}s`}{' '}
        <button type="button" class="plain" onClick={() => set({ view: boardViewOf(view.value) })}>
          Take that of the list now
        </button>
      </p>
      <NumberField
        label="Rows"
        value={fields.limit}
        least={1}
        most={50}
        take={(limit) => set({ limit: limit ?? 0 })}
      />
    </>
  );
}

const RANGE_WORDS = {
  '30d': '30 days',
  '90d': '90 days',
  '1y': 'a year',
  all: 'all',
  own: 'as it is',
} as const;

function CurveFields({ fields, set }: OwnProps) {
  const { series, plot } = fields;
  const [names, take] = useState<readonly string[]>([]);
  const [typed, type] = useState('');
  useEffect(() => {
    void seriesNames(chosen.id).then(take);
  }, []);
  const byLabel = new Map(names.map((name) => [seriesName(name), name]));
  const add = () => {
    const name = byLabel.get(typed) ?? typed.trim();
    if (name !== '' && !series.includes(name)) set({ series: [...series, name] });
    type('');
  };
  const setPlot = (to: Partial<Plot>) => set({ plot: { ...plot, ...to } });
  const range = typeof plot.range === 'object' ? 'own' : (plot.range ?? '90d');
  const ranges = [...RANGES, ...(range === 'own' ? (['own'] as const) : [])];
  return (
    <>
      <ul class="chosen-series" aria-label="Series">
        {series.map((name) => (
          <li key={name}>
            <bdi>{visible(seriesName(name))}</bdi>
            <button
              type="button"
              class="plain"
              aria-label={`Remove ${visible(seriesName(name))}`}
              onClick={() => set({ series: series.filter((one) => one !== name) })}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      <div class="add-series">
        <Field label="Add a series">
          <input
            type="search"
            list="series-names"
            value={typed}
            autoComplete="off"
            placeholder={`Error, Files missing, ${chosen.id}.dataset.ID.${OVERALL} …`}
            onInput={(event) => type(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add();
            }}
          />
        </Field>
        <button type="button" onClick={add}>
          Add
        </button>
      </div>
      <datalist id="series-names">
        {names.map((name) => (
          <option key={name} value={seriesName(name)} />
        ))}
      </datalist>
      <div class="field-row">
        <Choice
          label="Time"
          value={range}
          choices={ranges.map((each) => [each, capital(RANGE_WORDS[each])] as const)}
          take={(value) => value !== 'own' && setPlot({ range: value })}
        />
        <Choice
          label="Scale"
          value={plot.scaling ?? 'linear'}
          choices={[
            ['linear', 'Linear'],
            ['log', 'Logarithmic'],
          ]}
          take={(scaling) => setPlot({ scaling })}
        />
        <NumberField
          label="Bins (0: none)"
          value={plot.bins ?? 0}
          least={0}
          most={1000}
          take={(bins) => setPlot({ bins: bins ?? 0 })}
        />
        <NumberField
          label="Lowest value"
          value={plot.min ?? null}
          take={(min) => setPlot({ min })}
        />
        <NumberField
          label="Highest value"
          value={plot.max ?? null}
          take={(max) => setPlot({ max })}
        />
      </div>
    </>
  );
}

interface LayoutProps {
  readonly layout: Layout;
  readonly take: (layout: Layout) => void;
}

/** The same as moving and sizing, for who cannot drag. */
function LayoutFields({ layout, take }: LayoutProps) {
  const { x, y, w, h } = layout;
  const whole = (value: number | null, or: number) => Math.trunc(value ?? or);
  return (
    <fieldset class="field-row">
      <legend>Place</legend>
      <NumberField
        label="Column"
        value={x + 1}
        least={1}
        most={COLUMNS}
        take={(value) => take({ ...layout, x: whole(value, 1) - 1 })}
      />
      <NumberField
        label="Row"
        value={y + 1}
        least={1}
        most={1001}
        take={(value) => take({ ...layout, y: whole(value, 1) - 1 })}
      />
      <NumberField
        label="Width"
        value={w}
        least={1}
        most={COLUMNS}
        take={(value) => take({ ...layout, w: whole(value, w) })}
      />
      <NumberField
        label="Height"
        value={h}
        least={1}
        most={MOST_ROWS}
        take={(value) => take({ ...layout, h: whole(value, h) })}
      />
    </fieldset>
  );
}
