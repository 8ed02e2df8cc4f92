/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

import { panelStyle } from './styles.ts';
import type { PanelFrame } from './view.ts';

/** Renders a whole HTML document of the panel. It loads nothing and has no script. @param frame Undefined before the login. */
export function renderPanelPage(title: string, frame: PanelFrame | undefined, children: ComponentChildren): string {
  return `<!doctype html>${renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · WebPOS`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="same-origin" />
        <meta name="format-detection" content="telephone=no" />
        <style dangerouslySetInnerHTML={{ __html: panelStyle }} />
      </head>
      <body>
        {frame !== undefined && <Top frame={frame} />}
        <main>
          {frame !== undefined && <Notices notices={frame.notices} />}
          {children}
          {typeof frame?.leader === 'string' && <p class="faint">{frame.leader}</p>}
        </main>
      </body>
    </html>,
  )}`;
}

function Top({ frame }: { frame: PanelFrame }): VNode {
  const { basePath, isSandbox } = frame;
  return (
    <header class="top">
      <div>
        <a class="brand" href={`${basePath}/panel/callbacks`}>
          WebPOS
        </a>
        {isSandbox && <span class="badge play">Sandbox</span>}
        <PanelForm frame={frame} action="/panel/logout">
          <button class="quiet" type="submit">
            Log out
          </button>
        </PanelForm>
      </div>
    </header>
  );
}

function Notices({ notices }: { notices: readonly string[] }): VNode {
  return (
    <>
      {notices.map((notice) => (
        <p key={notice} class="note heed">
          {notice}
        </p>
      ))}
    </>
  );
}

/** A form that changes something, with the key without which it is refused. */
export function PanelForm(props: { frame: PanelFrame; action: string; class?: string; children: ComponentChildren }): VNode {
  const { frame, action, children } = props;
  return (
    <form class={props.class} method="post" action={frame.basePath + action}>
      <input type="hidden" name="form_key" value={frame.formKey} />
      {children}
    </form>
  );
}
