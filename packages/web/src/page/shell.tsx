/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

import { assetUrl } from './assets.ts';
import type { Frame } from './frame.ts';
import { pageStyles } from './styles.ts';
import type { Wording } from '../i18n/wording.ts';

interface ShellProps {
  title: string;
  wording: Wording;
  basePath: string;
  /** The merchant's colour; null: the default. */
  accent: string | null;
  /** What is around the page; null if it has its window to itself. */
  frame?: Frame | null;
  /** Whether the page loads `checkout.js`. */
  scripted: boolean;
  /** What the page loads without JavaScript after some seconds: itself again if there is no `url`. */
  refresh?: { afterS: number; url?: string } | undefined;
  children: ComponentChildren;
}

/** Renders a whole HTML document. It is readable after one answer: its styles are inline, and it loads only scripts and a logo. */
export function renderShell(props: ShellProps): string {
  return `<!doctype html>${renderToString(<Shell {...props} />)}`;
}

function Shell(props: ShellProps): VNode {
  const { title, basePath, accent, frame = null, scripted, refresh, children } = props;
  const { language } = props.wording;
  return (
    <html lang={language.tag} dir={language.direction} {...frameAttributes(frame)}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="same-origin" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href={basePath + assetUrl('/assets/icon.svg')} />
        {pageStyles(accent).map(({ css, hash }) => (
          <style key={hash} dangerouslySetInnerHTML={{ __html: css }} />
        ))}
        {scripted && <script type="module" src={basePath + assetUrl('/assets/checkout.js')} />}
        {frame !== null && <script type="module" src={basePath + assetUrl('/assets/framed.js')} />}
        {refresh !== undefined && (
          <noscript>
            <meta
              http-equiv="refresh"
              content={refresh.url === undefined ? String(refresh.afterS) : `${refresh.afterS};url=${refresh.url}`}
            />
          </noscript>
        )}
      </head>
      <body>{children}</body>
    </html>
  );
}

function frameAttributes(frame: Frame | null): Readonly<Record<string, string>> {
  if (frame === null) return {};
  const { paymentId, origins, words } = frame;
  return {
    class: 'framed',
    'data-payment-id': paymentId,
    'data-origins': origins.join(' '),
    'data-words': JSON.stringify(words),
  };
}
