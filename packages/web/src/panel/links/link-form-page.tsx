/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { linksTexts } from './texts/index.ts';
import type { LinksText } from './texts/en.ts';
import type { LinkFormField, LinkFormView } from './view.ts';

interface PartProps {
  view: LinkFormView;
  words: PanelWords<LinksText>;
}

/** Renders the form in which a link is created or edited. */
export function renderLinkFormPage(view: LinkFormView): string {
  const words = panelWords(view.reader, linksTexts);
  const { text } = words;
  const { link, basePath } = view;
  const title = text(link === null ? 'new_link' : 'edit_link');
  return renderPanelPage(
    title,
    view,
    <>
      <nav aria-label={text('links')}>
        <a href={`${basePath}/panel/links${link === null ? '' : `/${link.uuid}`}`}>
          {text(link === null ? 'all_links' : 'back')}
        </a>
      </nav>
      <h1>{title}</h1>
      <section class="card" aria-label={title}>
        <PanelForm frame={view} action={link === null ? '/panel/links/new' : `/panel/links/${link.uuid}/edit`} class="fields">
          {link === null && <WhichPos view={view} words={words} />}
          <TextField view={view} words={words} field="title" required />
          <TextField view={view} words={words} field="description" kind="lines" />
          <TextField view={view} words={words} field="amount" hint="amount_hint" inputMode="decimal" />
          <TextField view={view} words={words} field="min_amount" inputMode="decimal" />
          <TextField view={view} words={words} field="max_amount" inputMode="decimal" />
          <TextField view={view} words={words} field="quantity" hint="quantity_hint" inputMode="numeric" />
          <TextField view={view} words={words} field="expires_at" kind="time" />
          {link === null && <TextField view={view} words={words} field="name" hint="name_hint" />}
          <label class="choice">
            <input type="checkbox" name="takes_note" value="1" checked={view.typed.takes_note === '1'} />
            {text('takes_note')}
          </label>
          <p class="buttons">
            <button type="submit">{text('save')}</button>
          </p>
        </PanelForm>
      </section>
    </>,
  );
}

function WhichPos({ view, words }: PartProps): VNode {
  return (
    <Field view={view} words={words} field="pos">
      <select id="pos" name="pos" required>
        {view.pos.map(({ uuid, name, currency }) => (
          <option key={uuid} value={uuid} selected={uuid === view.typed.pos}>
            {`${name} (${currency})`}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface FieldProps extends PartProps {
  field: Exclude<LinkFormField, 'takes_note'>;
  hint?: LinksText;
}

interface TextFieldProps extends FieldProps {
  required?: boolean;
  kind?: 'line' | 'lines' | 'time';
  inputMode?: 'decimal' | 'numeric';
}

function TextField({ view, words, field, hint, required, kind = 'line', inputMode }: TextFieldProps): VNode {
  const fault = view.faults[field];
  const described = [fault === undefined ? [] : [`${field}-fault`], hint === undefined ? [] : [`${field}-hint`]].flat().join(' ');
  const attributes = {
    id: field,
    name: field,
    required,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': fault === undefined ? undefined : true,
  };
  return (
    <Field view={view} words={words} field={field} {...(hint === undefined ? {} : { hint })}>
      <Control view={view} field={field} kind={kind} inputMode={inputMode} attributes={attributes} />
    </Field>
  );
}

interface ControlProps extends Required<Pick<TextFieldProps, 'kind'>>, Pick<FieldProps, 'view' | 'field'> {
  inputMode: TextFieldProps['inputMode'];
  attributes: Readonly<Record<string, string | boolean | undefined>>;
}

function Control({ view, field, kind, inputMode, attributes }: ControlProps): VNode {
  const typed = view.typed[field] ?? '';
  switch (kind) {
    case 'lines':
      return (
        <textarea {...attributes} rows={4} dir="auto">
          {typed}
        </textarea>
      );
    case 'time':
      return <input {...attributes} type="datetime-local" value={typed} />;
    case 'line':
      return <input {...attributes} type="text" inputMode={inputMode} autocomplete="off" value={typed} dir="auto" />;
  }
}

/** A label, the control, what is wrong with it, and a hint. */
function Field({ view, words: { text }, field, hint, children }: FieldProps & { children: ComponentChildren }): VNode {
  const fault = view.faults[field];
  return (
    <div class="field">
      <label for={field}>{text(field)}</label>
      {children}
      {fault !== undefined && (
        <p class="note bad" id={`${field}-fault`} role="alert">
          {text(`fault_${fault}`)}
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${field}-hint`}>
          {text(hint)}
        </p>
      )}
    </div>
  );
}
