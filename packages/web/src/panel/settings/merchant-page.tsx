/** @jsxRuntime automatic @jsxImportSource preact */
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { Faults, LinesField, TextField, type FormState } from './fields.tsx';
import { settingsTexts } from './texts/index.ts';
import type { MerchantPageView } from './view.ts';

/** Renders the details of a business, or the form of a new one. */
export function renderMerchantPage(view: MerchantPageView): string {
  const { uuid, fields, faults, isSaved, basePath, viewer } = view;
  const words = panelWords(view.reader, settingsTexts);
  const { text } = words;
  const isReadOnly = !viewer.permissions.includes('settings.manage');
  const form: FormState = { fields, faults, words, isReadOnly };
  const title = uuid === null ? text('new_merchant') : text('merchant');
  return renderPanelPage(
    title,
    view,
    <>
      <p>
        <a href={`${basePath}/panel/settings`}>{text('title')}</a>
      </p>
      <h1>{title}</h1>
      {isSaved && (
        <p class="note good" role="status">
          {text('saved')}
        </p>
      )}
      <Faults form={form} />
      <PanelForm frame={view} class="card fields" action={`/panel/settings/merchants/${uuid ?? 'new'}`}>
        <TextField form={form} name="name" required maxLength={64} />
        <TextField form={form} name="time_zone" required maxLength={64} placeholder="Europe/Berlin" />
        <LinesField form={form} name="address" rows={4} />
        <TextField form={form} name="tax_id" maxLength={40} />
        <TextField form={form} name="email" inputMode="email" maxLength={120} />
        <TextField form={form} name="phone" inputMode="tel" maxLength={120} />
        <TextField form={form} name="website" inputMode="url" maxLength={120} />
        {!isReadOnly && (
          <p class="buttons">
            <button type="submit">{text('save')}</button>
          </p>
        )}
      </PanelForm>
    </>,
  );
}
