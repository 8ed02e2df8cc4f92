/** @jsxRuntime automatic @jsxImportSource preact */
import { Verbatim } from '../../page/verbatim.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { walletTexts } from '../wallets/texts/index.ts';
import { ChoiceField, Faults, TextField, type FormState } from './fields.tsx';
import { settingsTexts } from './texts/index.ts';
import type { CreatedPosView, NewPosView } from './view.ts';

/** Renders the form of a new point of sale: what it cannot be without. */
export function renderNewPosPage(view: NewPosView): string {
  const words = panelWords(view.reader, settingsTexts);
  const { text } = words;
  const form: FormState = { fields: view.fields, faults: view.faults, words };
  const choicesOf = (all: NewPosView['accounts']) => all.map(({ uuid, name }) => [uuid, name] as const);
  const types = (['web', 'mobile'] as const).map((type) => [type, text(`type_${type}`)] as const);
  return renderPanelPage(
    text('new_pos'),
    view,
    <>
      <p>
        <a href={`${view.basePath}/panel/settings`}>{text('title')}</a>
      </p>
      <h1>{text('new_pos')}</h1>
      <Faults form={form} />
      {view.accounts.length === 0 ? (
        <p class="card empty">
          <a href={`${view.basePath}/panel/settings/wallets`}>{text('no_wallet')}</a>
        </p>
      ) : (
        <PanelForm frame={view} class="card fields" action="/panel/settings/pos/new">
          <TextField form={form} name="name" required maxLength={64} />
          <ChoiceField form={form} name="account" choices={choicesOf(view.accounts)} />
          <TextField form={form} name="currency" required maxLength={3} placeholder="EUR" />
          <ChoiceField form={form} name="merchant" choices={[['', text('none')], ...choicesOf(view.merchants)]} />
          <ChoiceField form={form} name="type" choices={types} />
          <p class="faint whole">{text('new_pos_more')}</p>
          <p class="buttons">
            <button type="submit">{text('create')}</button>
          </p>
        </PanelForm>
      )}
    </>,
  );
}

/** Renders what a new point of sale logs in with, once. */
export function renderCreatedPosPage(view: CreatedPosView): string {
  const { text } = panelWords(view.reader, settingsTexts);
  const wallet = panelWords(view.reader, walletTexts);
  const shown = [
    [text('client_id'), view.clientId],
    [wallet.text('secret'), view.secret],
    [wallet.text('webhook_secret'), view.webhookSecret],
  ] as const;
  return renderPanelPage(
    text('pos_created'),
    view,
    <>
      <h1>{text('pos_created')}</h1>
      <section class="card">
        <h2>
          <Verbatim>{view.name}</Verbatim>
        </h2>
        <p>{text('pos_created_more')}</p>
        <dl>
          {shown.map(([label, value]) => (
            <>
              <dt>{label}</dt>
              <dd>
                <code>
                  <Verbatim>{value}</Verbatim>
                </code>
              </dd>
            </>
          ))}
        </dl>
        <p>
          <a href={`${view.basePath}/panel/settings/pos/${view.uuid}`}>{text('title')}</a>
        </p>
      </section>
    </>,
  );
}
