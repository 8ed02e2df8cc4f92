/** @jsxRuntime automatic @jsxImportSource preact */
import type { Reader } from '../../i18n/languages.ts';
import { renderDocument } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { notificationTexts } from './texts/index.ts';

export interface LinkPageView {
  basePath: string;
  reader: Reader;
  /** What the link in an e-mail does. */
  action: 'confirm' | 'stop';
  /** `ask`: with a button, because mail programs open links by themselves. */
  stage: 'ask' | 'done' | 'invalid';
  /** The path of the form. */
  path: string;
}

/** Renders the page behind a link in an e-mail. Nobody has to log in for it. */
export function renderNotificationLinkPage({ basePath, reader, action, stage, path }: LinkPageView): string {
  const { text } = panelWords(reader, notificationTexts);
  const title = text(`${action}_title`);
  return renderDocument({
    title,
    basePath,
    reader,
    children: (
      <main>
        <section class="card login" aria-labelledby="title">
          <h1 id="title">{title}</h1>
          {stage === 'ask' && (
            <form method="post" action={basePath + path}>
              <p>{text(`${action}_ask`)}</p>
              <button type="submit">{text(`${action}_button`)}</button>
            </form>
          )}
          {stage === 'done' && (
            <p class="note good" role="status">
              {text(action === 'confirm' ? 'confirmed' : 'stop_done')}
            </p>
          )}
          {stage === 'invalid' && (
            <p class="note bad" role="alert">
              {text('invalid_link')}
            </p>
          )}
        </section>
      </main>
    ),
  });
}
