/** @jsxRuntime automatic @jsxImportSource preact */
/** The fields of settings' forms: each has its label, an explanation, and beside it what is wrong with it. */
import type { ComponentChildren, VNode } from 'preact';

import type { PanelWords } from '../frame/wording.ts';
import type { SettingsText } from './texts/en.ts';

export interface FormState {
  fields: Readonly<Record<string, string>>;
  faults: readonly string[];
  words: PanelWords<SettingsText>;
  isReadOnly?: boolean;
}

export type FieldName =
  | 'name'
  | 'address'
  | 'tax_id'
  | 'email'
  | 'phone'
  | 'website'
  | 'time_zone'
  | 'type'
  | 'merchant'
  | 'account'
  | 'currency'
  | 'callback_url'
  | 'continue_url'
  | 'cancel_url'
  | 'required_confirmations'
  | 'rate_provider'
  | 'spread'
  | 'tolerance'
  | 'tolerance_sats'
  | 'return_when'
  | 'support'
  | 'accent'
  | 'origins'
  | 'logo';

interface FieldProps {
  form: FormState;
  name: FieldName;
}

type InputProps = FieldProps & {
  required?: boolean;
  maxLength?: number;
  inputMode?: 'decimal' | 'numeric' | 'email' | 'tel' | 'url';
  placeholder?: string;
};

export function TextField({ form, name, inputMode, ...rest }: InputProps): VNode {
  return (
    <Field form={form} name={name}>
      <input
        id={name}
        name={name}
        type="text"
        inputmode={inputMode}
        value={form.fields[name]}
        readOnly={form.isReadOnly}
        {...rest}
        {...describedBy(form, name)}
      />
    </Field>
  );
}

export function LinesField({ form, name, rows }: FieldProps & { rows: number }): VNode {
  return (
    <Field form={form} name={name}>
      <textarea id={name} name={name} rows={rows} readOnly={form.isReadOnly} {...describedBy(form, name)}>
        {form.fields[name]}
      </textarea>
    </Field>
  );
}

export function ChoiceField({
  form,
  name,
  choices,
}: FieldProps & { choices: readonly (readonly [value: string, label: string])[] }): VNode {
  return (
    <Field form={form} name={name}>
      <select id={name} name={name} disabled={form.isReadOnly} {...describedBy(form, name)}>
        {choices.map(([value, label]) => (
          <option key={value} value={value} selected={form.fields[name] === value}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function Tick({ form, name, label }: { form: FormState; name: string; label: string }): VNode {
  return (
    <label class="tick">
      <input type="checkbox" name={name} value="1" checked={form.fields[name] === '1'} disabled={form.isReadOnly} />
      <span>{label}</span>
    </label>
  );
}

/** Says how many fields were refused, before the form. */
export function Faults({ form }: { form: FormState }): VNode | null {
  if (form.faults.length === 0) return null;
  return (
    <p class="note bad" role="alert">
      {form.words.text('check_fields')}
    </p>
  );
}

export function Field({ form, name, children }: FieldProps & { children: ComponentChildren }): VNode {
  const { text } = form.words;
  return (
    <div class="field">
      <label for={name}>{text(`field_${name}`)}</label>
      {children}
      <p class={form.faults.includes(name) ? 'fault' : 'faint'} id={`${name}-hint`}>
        {text(`hint_${name}`)}
      </p>
    </div>
  );
}

function describedBy({ faults }: FormState, name: FieldName): Record<string, string> {
  return { 'aria-describedby': `${name}-hint`, ...(faults.includes(name) ? { 'aria-invalid': 'true' } : {}) };
}
