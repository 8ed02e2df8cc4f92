/** What all pages have in common. They are plain HTML and work without JavaScript. */
import type { Answer } from '../http.ts';

/** What is around the shop. */
export interface Surroundings {
  /** Without a slash at its end. */
  gatewayUrl: string;
}

interface PageOptions {
  /** Whether the page is to load itself again until there is news. With JavaScript it asks for itself, and keeps what the reader opened. */
  isWaiting?: boolean;
  /** What `main` is about, for its style. */
  kind?: string;
}

export function page(
  around: Surroundings,
  status: number,
  title: string,
  content: string,
  { isWaiting = false, kind = 'text' }: PageOptions = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy(around) },
    body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${escape(title)} · Little Roastery</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="/icon.svg">
    <link rel="stylesheet" href="/shop.css">
    <script type="module" src="/shop.js"></script>
    ${isWaiting ? '<noscript><meta http-equiv="refresh" content="3"></noscript>' : ''}
  </head>
  <body>
    <header>
      <a class="brand" href="/"><img src="/icon.svg" alt="" width="32" height="32">Little Roastery</a>
      <nav aria-label="About this shop">
        <a href="/source">Source</a>
        <a href="${escape(around.gatewayUrl)}/panel">Panel</a>
      </nav>
    </header>
    <main class="${kind}">${content}</main>
    <footer>A demo of WebPOS. Its bitcoin is worth nothing, and nothing is delivered.</footer>
  </body>
</html>`,
  };
}

export function message(around: Surroundings, status: number, title: string, text: string, options: PageOptions = {}): Answer {
  const content = `<h1>${escape(title)}</h1><p>${escape(text)}</p><p><a class="button" href="/">Back to the shop</a></p>`;
  return page(around, status, title, content, options);
}

export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/**
 * Everything comes from the shop itself and nothing is inline, but the gateway's script may open its checkout in a frame. There is no
 * form-action: buying leads to the checkout page, on another host.
 */
function policy({ gatewayUrl }: Surroundings): string {
  const { origin } = new URL(gatewayUrl);
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `script-src 'self' ${origin}`,
    `frame-src ${origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
