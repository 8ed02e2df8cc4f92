/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

import { assetUrl } from './assets.ts';

interface PageProps {
  title: string;
  /** What keeps the page true: a script, and without JavaScript a reload every ten seconds while there is news to come. */
  follows: 'news' | 'end' | 'nothing';
  children: ComponentChildren;
}

/** A whole HTML document around its `<main>`. Everything it loads comes from `/assets/`. */
export function renderPage(props: PageProps): string {
  return `<!doctype html>${renderToString(<Page {...props} />)}`;
}

function Page({ title, follows, children }: PageProps): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="same-origin" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="stylesheet" href={assetUrl('/assets/checkout.css')} />
        {follows !== 'nothing' && <script type="module" src={assetUrl('/assets/checkout.js')} />}
        {follows === 'news' && (
          <noscript>
            <meta http-equiv="refresh" content="10" />
          </noscript>
        )}
      </head>
      <body>{children}</body>
    </html>
  );
}
