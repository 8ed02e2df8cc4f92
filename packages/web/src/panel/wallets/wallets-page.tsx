/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { UNTRANSLATED, Verbatim, Words } from '../../page/verbatim.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { walletTexts } from './texts/index.ts';
import type { CompareView, WalletFault, WalletsView } from './view.ts';

/** Renders the wallets, and the form that adds one. */
export function renderWalletsPage(view: WalletsView): string {
  const { text } = panelWords(view.reader, walletTexts);
  return renderPanelPage(
    text('title'),
    view,
    <>
      <h1>{text('title')}</h1>
      <p class="faint">{text('more')}</p>
      {view.isAdded && (
        <p class="note good" role="status">
          {text('added')}
        </p>
      )}
      {view.accounts.length === 0 ? <p class="card empty">{text('none')}</p> : <WalletTable view={view} />}
      <section class="card" aria-labelledby="add">
        <h2 id="add">{text('add')}</h2>
        <p>{text('add_more')}</p>
        <PanelForm frame={view} class="fields" action="/panel/settings/wallets/check">
          <Entry view={view} name="name" maxLength={64} />
          <Entry view={view} name="key" maxLength={4_000} />
          <Entry view={view} name="first_index" maxLength={8} />
          <p class="faint whole" id="first-index-hint">
            {text('first_index_more')}
          </p>
          <p class="buttons">
            <button type="submit">{text('check')}</button>
          </p>
        </PanelForm>
      </section>
    </>,
  );
}

function Entry({ view, name, maxLength }: { view: WalletsView; name: keyof WalletsView['entered']; maxLength: number }): VNode {
  const { text } = panelWords(view.reader, walletTexts);
  const fault = view.fault?.field === name ? view.fault : null;
  const described = [...(fault === null ? [] : [`${name}-fault`]), ...(name === 'first_index' ? ['first-index-hint'] : [])];
  return (
    <div class="field">
      <label for={name}>{text(name)}</label>
      {fault !== null && <Fault view={view} fault={fault} />}
      <input
        id={name}
        name={name}
        value={view.entered[name]}
        maxLength={maxLength}
        required
        dir="auto"
        autocomplete="off"
        spellcheck={false}
        inputMode={name === 'first_index' ? 'numeric' : undefined}
        aria-describedby={described.length === 0 ? undefined : described.join(' ')}
        aria-invalid={fault === null ? undefined : 'true'}
        autoFocus={fault !== null}
      />
    </div>
  );
}

function Fault({ view, fault }: { view: WalletsView; fault: WalletFault }): VNode {
  const { text, phrase, integer } = panelWords(view.reader, walletTexts);
  const { field, why, detail, max } = fault;
  return (
    <div class="note bad" role="alert">
      <p id={`${field}-fault`}>
        <Words of={phrase(`fault_${why}`, max === null ? {} : { max: integer(max) })} />
      </p>
      {detail !== null && (
        <details>
          <summary>{text('fault_detail')}</summary>
          <p lang="en" dir="ltr" {...UNTRANSLATED}>
            {detail}
          </p>
        </details>
      )}
    </div>
  );
}

function WalletTable({ view }: { view: WalletsView }): VNode {
  const { text, integer } = panelWords(view.reader, walletTexts);
  return (
    <div class="card table-frame stacked" tabIndex={0} role="region" aria-label={text('title')}>
      <table>
        <thead>
          <tr>
            {(['account', 'state', 'pos', 'next', 'unused'] as const).map((head) => (
              <th key={head} scope="col">
                {text(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.accounts.map(({ uuid, name, nextIndex, unused, isSound, pos }) => (
            <tr key={uuid}>
              <th scope="row">
                <Verbatim>{name}</Verbatim>
              </th>
              <td data-head={text('state')}>{isSound ? text('sound') : <strong>{text('broken')}</strong>}</td>
              <td data-head={text('pos')}>
                <div>
                  {pos.map((each) => (
                    <div key={each}>
                      <Verbatim>{each}</Verbatim>
                    </div>
                  ))}
                </div>
              </td>
              <td data-head={text('next')}>{integer(nextIndex)}</td>
              <td data-head={text('unused')}>{integer(unused)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Renders the first addresses of a wallet that is not stored yet, to compare. */
export function renderComparePage(view: CompareView): string {
  const { text, integer } = panelWords(view.reader, walletTexts);
  return renderPanelPage(
    text('compare'),
    view,
    <>
      <h1>{text('compare')}</h1>
      <section class="card">
        <h2>
          <Verbatim>{view.name}</Verbatim>
        </h2>
        <p>{text('compare_more')}</p>
        <div class="table-frame" tabIndex={0} role="region" aria-label={text('compare')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text('index')}</th>
                <th scope="col">{text('address')}</th>
              </tr>
            </thead>
            <tbody>
              {view.addresses.map((address, index) => (
                <tr key={address}>
                  <th scope="row">{integer(index)}</th>
                  <td>
                    <code>
                      <Verbatim>{address}</Verbatim>
                    </code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <PanelForm frame={view} action="/panel/settings/wallets/add">
          {Object.entries(view.carried).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <label class="tick">
            <input type="checkbox" name="matches" value="1" required />
            <span>{text('matches')}</span>
          </label>
          <p class="buttons">
            <button type="submit">{text('confirm')}</button>
            <a href={`${view.basePath}/panel/settings/wallets`}>{text('back')}</a>
          </p>
        </PanelForm>
      </section>
    </>,
  );
}
