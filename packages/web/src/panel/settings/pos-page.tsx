/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { wordingOf } from '../../i18n/wording.ts';
import { accentColours } from '../../page/accent.ts';
import { themes } from '../../page/themes.ts';
import { Verbatim, Words } from '../../page/verbatim.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { ChoiceField, Faults, Field, LinesField, TextField, Tick, type FormState } from './fields.tsx';
import { settingsTexts } from './texts/index.ts';
import type { PosPageView } from './view.ts';

interface Props {
  view: PosPageView;
  form: FormState;
}

/** Renders everything that can be changed of a point of sale. */
export function renderPosPage(view: PosPageView): string {
  const words = panelWords(view.reader, settingsTexts);
  const { text } = words;
  const form: FormState = { fields: view.fields, faults: view.faults, words, isReadOnly: !view.mayManage };
  return renderPanelPage(
    view.name,
    view,
    <>
      <p>
        <a href={`${view.basePath}/panel/settings`}>{text('title')}</a>
      </p>
      <h1>
        <Verbatim>{view.name}</Verbatim>
        {!view.isActive && <span class="badge bad">{text('disabled')}</span>}
      </h1>
      <Note view={view} form={form} />
      <Faults form={form} />
      <PosForm view={view} form={form} />
      <Logo view={view} form={form} />
      <Access view={view} form={form} />
      {view.mayManage && (
        <section class="card" aria-labelledby="test">
          <h2 id="test">{text('test_event')}</h2>
          <p>{text('test_event_more')}</p>
          <PanelForm frame={view} action={`/panel/settings/pos/${view.uuid}/test`}>
            <button type="submit">{text('send_test')}</button>
          </PanelForm>
        </section>
      )}
    </>,
    { scripts: ['/assets/panel-settings.js'] },
  );
}

/** Lets those who manage secrets say whether it may log in. */
function Access({ view, form: { words } }: Props): VNode | null {
  if (!view.viewer.permissions.includes('secrets.manage')) return null;
  const { text } = words;
  return (
    <section class="card" aria-labelledby="access">
      <h2 id="access">{text('access')}</h2>
      <p>{text('access_more')}</p>
      <PanelForm frame={view} action={`/panel/settings/pos/${view.uuid}/${view.isActive ? 'disable' : 'enable'}`}>
        <button type="submit" class={view.isActive ? 'quiet' : undefined}>
          {text(view.isActive ? 'disable_pos' : 'enable_pos')}
        </button>
      </PanelForm>
    </section>
  );
}

function PosForm({ view, form }: Props): VNode {
  const { text } = form.words;
  return (
    <PanelForm frame={view} class="card fields" action={`/panel/settings/pos/${view.uuid}`}>
      <input type="hidden" name="before" value={view.before} />
      <Basics view={view} form={form} />
      <Terms view={view} form={form} />
      <Shop view={view} form={form} />
      <h2 class="whole">{text('look')}</h2>
      <TextField form={form} name="support" maxLength={120} />
      <TextField form={form} name="accent" maxLength={7} placeholder="#0c5a46" />
      <LinesField form={form} name="origins" rows={3} />
      <Preview view={view} form={form} />
      {view.mayManage && (
        <p class="buttons">
          <button type="submit">{text('save')}</button>
          <button class="quiet" type="submit" name="preview" value="1">
            {text('preview')}
          </button>
        </p>
      )}
    </PanelForm>
  );
}

function Basics({ view, form }: Props): VNode {
  const { text } = form.words;
  const merchants = view.merchants.map(({ uuid, name }) => [uuid, name] as const);
  const types = (['web', 'mobile'] as const).map((type) => [type, text(`type_${type}`)] as const);
  return (
    <>
      <TextField form={form} name="name" required maxLength={64} />
      <ChoiceField form={form} name="merchant" choices={[['', text('none')], ...merchants]} />
      <TextField form={form} name="currency" required maxLength={3} placeholder="EUR" />
      <ChoiceField form={form} name="type" choices={types} />
    </>
  );
}

/** How the price of an order is computed, and which payment settles it. */
function Terms({ view, form }: Props): VNode {
  const { text } = form.words;
  const providers = view.providers.map((name) => [name, name] as const);
  return (
    <>
      <h2 class="whole">{text('rates')}</h2>
      <Rate view={view} form={form} />
      <ChoiceField form={form} name="rate_provider" choices={[['', text('provider_default')], ...providers]} />
      <TextField form={form} name="spread" inputMode="decimal" maxLength={5} placeholder="0" />
      <h2 class="whole">{text('payments')}</h2>
      <TextField form={form} name="required_confirmations" required inputMode="numeric" maxLength={4} />
      <TextField form={form} name="tolerance" inputMode="decimal" maxLength={5} />
      <TextField form={form} name="tolerance_sats" inputMode="numeric" maxLength={12} />
    </>
  );
}

/** The addresses of the shop, and when buyers return to it. */
function Shop({ form }: Props): VNode {
  const { text } = form.words;
  const moments = (['seen', 'paid'] as const).map((when) => [when, text(`return_${when}`)] as const);
  return (
    <>
      <h2 class="whole">{text('addresses')}</h2>
      <TextField form={form} name="callback_url" inputMode="url" maxLength={300} />
      <TextField form={form} name="continue_url" inputMode="url" maxLength={300} />
      <TextField form={form} name="cancel_url" inputMode="url" maxLength={300} />
      <ChoiceField form={form} name="return_when" choices={moments} />
      <Tick form={form} name="try_again" label={text('try_again')} />
      <Tick form={form} name="transaction_changed" label={text('transaction_changed')} />
      <Tick form={form} name="refund_events" label={text('refund_events')} />
    </>
  );
}

function Rate({ view: { rate }, form: { words } }: Props): VNode {
  return (
    <p class="whole">
      {rate === null ? (
        words.text('no_rate')
      ) : (
        <Words
          of={words.phrase('rate_now', {
            rate: words.fiat(rate.value, rate.currency),
            source: wordingOf(words.reader).rateSource(rate.source),
          })}
        />
      )}
    </p>
  );
}

/** A button as buyers see it. Attributes of SVG need no style of their own, which the policy of the page forbids. */
function Preview({ view: { fields, basePath, logo, name }, form: { words } }: Props): VNode {
  const accent = /^#[0-9a-f]{6}$/i.test(fields['accent'] ?? '') ? (fields['accent'] ?? '') : '#0c5a46';
  const { onAccent, edge } = accentColours(accent, themes.light);
  return (
    <div class="whole preview">
      {logo !== null && <img src={basePath + logo} alt={name} width={64} height={64} />}
      <svg viewBox="0 0 240 48" width="240" height="48" role="img" aria-label={words.text('preview_button')} data-preview>
        <rect x="1" y="1" width="238" height="46" rx="8" fill={accent} stroke={edge} />
        <text x="120" y="30" text-anchor="middle" font-size="16" fill={onAccent}>
          {words.text('preview_button')}
        </text>
      </svg>
    </div>
  );
}

function Logo({ view, form }: Props): VNode | null {
  const { text } = form.words;
  if (!view.mayManage) return null;
  const action = `${view.basePath}/panel/settings/pos/${view.uuid}/logo`;
  return (
    <section class="card" aria-labelledby="logo-title">
      <h2 id="logo-title">{text('field_logo')}</h2>
      {view.logo !== null && <img src={view.basePath + view.logo} alt={view.name} width={64} height={64} />}
      <form class="fields" method="post" action={action} encType="multipart/form-data">
        <input type="hidden" name="form_key" value={view.formKey} />
        <Field form={form} name="logo">
          <input
            id="logo"
            name="logo"
            type="file"
            accept="image/png,image/jpeg,image/webp,image/svg+xml"
            aria-describedby="logo-hint"
            aria-invalid={form.faults.includes('logo') ? 'true' : undefined}
          />
        </Field>
        <p class="buttons">
          <button type="submit">{text('save_logo')}</button>
          {view.logo !== null && (
            <button class="quiet" type="submit" name="remove" value="1">
              {text('remove_logo')}
            </button>
          )}
        </p>
      </form>
    </section>
  );
}

function Note({ view: { note }, form: { words } }: Props): VNode | null {
  if (note === null) return null;
  if (note.kind === 'test' && note.error !== null)
    return (
      <p class="note bad" role="alert">
        <Words of={words.phrase('test_failed', { url: note.url, error: note.error })} />
      </p>
    );
  const text =
    note.kind === 'test'
      ? words.phrase('test_delivered', { url: note.url, status: String(note.status ?? ''), ms: words.integer(note.durationMs) })
      : [words.text(note.kind)];
  return (
    <p class={`note ${note.kind === 'no_url' ? 'bad' : 'good'}`} role="status">
      <Words of={text} />
    </p>
  );
}
