/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim } from '../../page/verbatim.tsx';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { walletTexts } from '../wallets/texts/index.ts';
import type { SettingsText } from './texts/en.ts';
import { settingsTexts } from './texts/index.ts';
import type { SettingsView } from './view.ts';

/** Renders the list of businesses and points of sale, with the rate of each. */
export function renderSettingsPage(view: SettingsView): string {
  const words = panelWords(view.reader, settingsTexts);
  const { text } = words;
  return renderPanelPage(
    text('title'),
    view,
    <>
      <h1>{text('title')}</h1>
      <WalletLinks view={view} />
      <section aria-labelledby="merchants">
        <h2 id="merchants">{text('merchants')}</h2>
        <p class="faint">{text('merchants_more')}</p>
        <ul class="cards">
          {view.merchants.map(({ uuid, name, timeZone }) => (
            <li key={uuid} class="card">
              <a href={`${view.basePath}/panel/settings/merchants/${uuid}`}>
                <Verbatim>{name}</Verbatim>
              </a>
              <span class="faint">
                <Verbatim>{timeZone}</Verbatim>
              </span>
            </li>
          ))}
        </ul>
        {view.mayCreate && (
          <p>
            <a href={`${view.basePath}/panel/settings/merchants/new`}>{text('new_merchant')}</a>
          </p>
        )}
      </section>
      <section aria-labelledby="pos">
        <h2 id="pos">{text('all_pos')}</h2>
        {view.pos.length === 0 ? <p class="card empty">{text('no_pos')}</p> : <PosTable view={view} words={words} />}
        {view.mayCreatePos && (
          <p>
            <a href={`${view.basePath}/panel/settings/pos/new`}>{text('new_pos')}</a>
          </p>
        )}
      </section>
    </>,
  );
}

function WalletLinks({ view }: { view: SettingsView }): VNode {
  const { text } = panelWords(view.reader, walletTexts);
  const links = [
    ['wallets', 'wallets.manage', text('title')],
    ['secrets', 'secrets.manage', text('secrets')],
  ] as const;
  return (
    <>
      {links
        .filter(([, permission]) => view.viewer.permissions.includes(permission))
        .map(([path, , label]) => (
          <p key={path}>
            <a href={`${view.basePath}/panel/settings/${path}`}>{label}</a>
          </p>
        ))}
    </>
  );
}

function PosTable({ view, words }: { view: SettingsView; words: PanelWords<SettingsText> }): VNode {
  const { text, fiat } = words;
  return (
    <div class="card table-frame" tabIndex={0} role="region" aria-label={`${text('all_pos')}: ${text('current_rate')}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text('field_name')}</th>
            <th scope="col">{text('field_merchant')}</th>
            <th scope="col">{text('current_rate')}</th>
          </tr>
        </thead>
        <tbody>
          {view.pos.map(({ uuid, name, currency, active, merchant, rate }) => (
            <tr key={uuid}>
              <th scope="row">
                <a href={`${view.basePath}/panel/settings/pos/${uuid}`}>
                  <Verbatim>{name}</Verbatim>
                </a>
                {!active && <span class="faint"> {text('disabled')}</span>}
              </th>
              <td>{merchant === null ? '–' : <Verbatim>{merchant}</Verbatim>}</td>
              <td>{rate === null ? text('no_rate') : <Verbatim>{fiat(rate, currency)}</Verbatim>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
