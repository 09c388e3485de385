// Parts that the dialogs of boards have in common.

import type { ComponentChildren } from 'preact';
import { closeDialog } from './dialog-state.ts';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}

/** The field itself is inside, so that its label names it. */
export const Field = ({ label, hint, children }: FieldProps) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: it is among the children
  <label class="field">
    <span>{label}</span>
    {children}
    {hint && <small>{hint}</small>}
  </label>
);

interface TitleProps {
  readonly value: string;
  readonly most: number;
  readonly label?: string;
  readonly required?: boolean;
  readonly take: (value: string) => void;
}

export const TextField = ({ value, most, label = 'Title', required = false, take }: TitleProps) => (
  <Field label={label}>
    <input
      type="text"
      value={value}
      maxLength={most}
      required={required}
      autoComplete="off"
      onInput={(event) => take(event.currentTarget.value)}
    />
  </Field>
);

export const NotesField = ({ value, most, label = 'Notes', take }: TitleProps) => (
  <Field label={label}>
    <textarea
      rows={3}
      value={value}
      maxLength={most}
      onInput={(event) => take(event.currentTarget.value)}
    />
  </Field>
);

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly take: (value: T) => void;
}

export const Choice = <T extends string>({ label, value, choices, take }: ChoiceProps<T>) => (
  <Field label={label}>
    <select value={value} onChange={(event) => take(event.currentTarget.value as T)}>
      {choices.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  </Field>
);

interface NumberProps {
  readonly label: string;
  readonly value: number | null;
  readonly least?: number;
  readonly most?: number;
  readonly take: (value: number | null) => void;
}

/** Empty is null. */
export const NumberField = ({ label, value, least, most, take }: NumberProps) => (
  <Field label={label}>
    <input
      type="number"
      value={value ?? ''}
      min={least}
      max={most}
      step={least === undefined ? 'any' : 1}
      onInput={({ currentTarget: { valueAsNumber } }) =>
        take(Number.isNaN(valueAsNumber) ? null : valueAsNumber)
      }
    />
  </Field>
);

interface FormProps {
  readonly submit: string;
  readonly isBusy?: boolean;
  readonly onSubmit: () => void;
  /** Why the last attempt failed. */
  readonly wrong?: string | null | undefined;
  /** Buttons beside the one that submits. */
  readonly more?: ComponentChildren;
  readonly children: ComponentChildren;
}

export const Form = ({ submit, isBusy = false, onSubmit, wrong, more, children }: FormProps) => (
  <form
    onSubmit={(event) => {
      event.preventDefault();
      if (!isBusy) onSubmit();
    }}
  >
    {children}
    {wrong && (
      <p class="board-line wrong" role="alert">
        {wrong}
      </p>
    )}
    <div class="dialog-actions">
      <button type="submit" class="main" aria-disabled={isBusy}>
        {submit}
      </button>
      {more}
      <button type="button" onClick={closeDialog}>
        Cancel
      </button>
    </div>
  </form>
);
