/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { walletTexts } from './texts/index.ts';
import type { NewSecretView, SecretsView } from './view.ts';

/** Renders the points of sale and the state of their secrets, never the secrets. */
export function renderSecretsPage(view: SecretsView): string {
  const { text, phrase } = panelWords(view.reader, walletTexts);
  return renderPanelPage(
    text('secrets'),
    view,
    <>
      <h1>{text('secrets')}</h1>
      <p class="faint">{text('secrets_more')}</p>
      {view.isDone && (
        <p class="note good" role="status">
          {text('done')}
        </p>
      )}
      {view.fault !== null && (
        <p class="note heed" role="alert">
          <Words of={phrase('fault', { why: view.fault })} />
        </p>
      )}
      <ul class="cards">
        {view.pos.map((pos) => (
          <Pos key={pos.uuid} view={view} pos={pos} />
        ))}
      </ul>
    </>,
  );
}

function Pos({ view, pos }: { view: SecretsView; pos: SecretsView['pos'][number] }): VNode {
  const { text, phrase, date } = panelWords(view.reader, walletTexts);
  const { uuid, name, rotationEndsAt } = pos;
  const button = (step: 'rotate' | 'complete' | 'cancel', label: string, look?: string): VNode => (
    <PanelForm frame={view} action={`/panel/settings/secrets/${uuid}/${step}`}>
      <button type="submit" class={look}>
        {label}
      </button>
    </PanelForm>
  );
  return (
    <li class="card">
      <h2>
        <Verbatim>{name}</Verbatim>
      </h2>
      {rotationEndsAt === null ? (
        <>
          <p>{text('one_secret')}</p>
          {button('rotate', text('rotate'))}
        </>
      ) : (
        <>
          <p>
            <Words of={phrase('two_until', { time: date(rotationEndsAt) })} />
          </p>
          <p>{text('complete_more')}</p>
          {button('complete', text('complete'))}
          {button('cancel', text('cancel'), 'quiet')}
        </>
      )}
    </li>
  );
}

/** Renders a new secret, once. */
export function renderNewSecretPage(view: NewSecretView): string {
  const { text, phrase, date } = panelWords(view.reader, walletTexts);
  return renderPanelPage(
    text('rotated'),
    view,
    <>
      <h1>{text('rotated')}</h1>
      <section class="card">
        <h2>
          <Verbatim>{view.name}</Verbatim>
        </h2>
        <p>
          <Words of={phrase('rotated_more', { time: date(view.endsAt) })} />
        </p>
        <dl>
          <dt>{text('secret')}</dt>
          <dd>
            <code>
              <Verbatim>{view.secret}</Verbatim>
            </code>
          </dd>
          <dt>{text('webhook_secret')}</dt>
          <dd>
            <code>
              <Verbatim>{view.webhookSecret}</Verbatim>
            </code>
          </dd>
        </dl>
        <p>
          <a href={`${view.basePath}/panel/settings/secrets`}>{text('back')}</a>
        </p>
      </section>
    </>,
  );
}
