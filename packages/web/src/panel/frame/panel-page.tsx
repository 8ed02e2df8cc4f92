/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

import { ENGLISH_READER, type Reader } from '../../i18n/languages.ts';
import { assetUrl } from '../../page/assets.ts';
import { Verbatim } from '../../page/verbatim.tsx';
import { Leader } from './leader.tsx';
import { NAVIGATION } from './navigation.ts';
import { Notices } from './notices.tsx';
import type { PanelFrame } from './panel-frame.ts';
import { frameTexts } from './texts/index.ts';
import { panelWords } from './wording.ts';

export interface PanelPageOptions {
  /** The paths of the scripts that the page loads, such as `/assets/panel-live.js`. It must work without them. */
  readonly scripts?: readonly string[];
}

/** Renders a whole HTML document of the panel. */
export function renderPanelPage(
  title: string,
  frame: PanelFrame,
  children: ComponentChildren,
  options: PanelPageOptions = {},
): string {
  const { text } = panelWords(frame.reader, frameTexts);
  return renderDocument({
    title,
    basePath: frame.basePath,
    reader: frame.reader,
    scripts: options.scripts,
    children: (
      <>
        <a class="skip" href="#content">
          {text('skip')}
        </a>
        <Top frame={frame} />
        <main id="content">
          <Alarm frame={frame} />
          <Notices frame={frame} />
          {children}
          <Leader frame={frame} />
        </main>
      </>
    ),
  });
}

export interface DocumentOptions {
  readonly title: string;
  readonly basePath: string;
  readonly reader?: Reader | undefined;
  readonly scripts?: readonly string[] | undefined;
  readonly children: ComponentChildren;
}

/** Renders a document with the panel's look, for pages before the login too. */
export function renderDocument({ title, basePath, reader = ENGLISH_READER, scripts = [], children }: DocumentOptions): string {
  const { tag, direction } = reader.language;
  return `<!doctype html>${renderToString(
    <html lang={tag} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · WebPOS`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="same-origin" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href={basePath + assetUrl('/assets/icon.svg')} />
        <link rel="stylesheet" href={basePath + assetUrl('/assets/panel.css')} />
        {scripts.map((path) => (
          <script key={path} type="module" src={basePath + assetUrl(path)} />
        ))}
      </head>
      <body>{children}</body>
    </html>,
  )}`;
}

function Top({ frame }: { frame: PanelFrame }): VNode {
  const { basePath, path, isSandbox, viewer, reader } = frame;
  const { text } = panelWords(reader, frameTexts);
  const entries = NAVIGATION.filter(({ permission }) => viewer.permissions.includes(permission));
  return (
    <header class="top">
      <div>
        <a class="brand" href={`${basePath}/panel`}>
          WebPOS
        </a>
        {isSandbox && <span class="badge play">{text('sandbox')}</span>}
        <div class="account">
          {viewer.name !== null && (
            <a class="faint" href={`${basePath}/panel/profile`}>
              <Verbatim>{viewer.name}</Verbatim>
            </a>
          )}
          <PanelForm frame={frame} action="/panel/logout">
            <button class="quiet" type="submit">
              {text('log_out')}
            </button>
          </PanelForm>
        </div>
        <nav class="sections" aria-label={text('navigation')}>
          {entries.map((entry) => (
            <a
              key={entry.path}
              href={basePath + entry.path}
              aria-current={path === entry.path || path.startsWith(`${entry.path}/`) ? 'page' : undefined}
            >
              {text(entry.text)}
            </a>
          ))}
        </nav>
      </div>
    </header>
  );
}

function Alarm({ frame: { brokenSeals = 0, reader } }: { frame: PanelFrame }): VNode | null {
  if (brokenSeals === 0) return null;
  const { plain, integer } = panelWords(reader, frameTexts);
  return (
    <p class="note heed" role="alert">
      {plain('broken_seals', { count: integer(brokenSeals) })}
    </p>
  );
}

/** A form that changes something, with the key without which it is refused. */
export function PanelForm(props: {
  frame: PanelFrame;
  action: string;
  class?: string;
  /** What a passkey answers before the form is sent: options as JSON. */
  passkey?: { kind: 'get' | 'create'; options: string };
  children: ComponentChildren;
}): VNode {
  const { frame, action, passkey, children } = props;
  return (
    <form
      class={props.class}
      method="post"
      action={frame.basePath + action}
      data-passkey={passkey?.kind}
      data-options={passkey?.options}
    >
      <input type="hidden" name="form_key" value={frame.formKey} />
      {children}
    </form>
  );
}
