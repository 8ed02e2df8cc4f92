/** The page at `/`, and the one for a path that does not exist: what this is, whether it works, and where to go from here. */
import { VERSION } from '../../kernel/version.ts';

export interface HomeLink {
  readonly title: string;
  /** What somebody finds there, as a sentence. */
  readonly text: string;
  readonly url: string;
}

export interface HomeView {
  readonly basePath: string;
  readonly isSandbox: boolean;
  /** Whether it may be relied on now. */
  readonly isReady: boolean;
  /** What runs beside the gateway, such as a demo shop. */
  readonly links: readonly HomeLink[];
}

export function renderHomePage(view: HomeView): string {
  const { basePath, isSandbox, isReady, links } = view;
  const readiness = isReady
    ? '<a class="health good" href="%/readyz">Ready: it reads the chain and takes orders</a>'
    : '<a class="health bad" href="%/readyz">Not ready: it takes no new orders now. The gateway\'s log says why</a>';
  return render(
    'WebPOS gateway',
    basePath,
    `<h1>${isSandbox ? 'A bitcoin payment gateway to try out' : 'A bitcoin payment gateway'}</h1>
    <p class="lead">${isSandbox ? SANDBOX_LEAD : LIVE_LEAD}</p>
    <p>${readiness}</p>
    <ul class="cards">${[...links.map(shown), ...ownLinks(isSandbox)].map(card).join('')}</ul>
    ${isSandbox ? FIRST_ORDER : ''}`,
    isSandbox,
  );
}

export function renderNoPage({ basePath, isSandbox }: Pick<HomeView, 'basePath' | 'isSandbox'>): string {
  return render(
    'Page not found',
    basePath,
    `<h1>Page not found</h1>
    <p class="lead">This gateway has no page at this address. It may be cut off or mistyped.</p>
    <ul class="cards">${[HOME, ...ownLinks(isSandbox)].map(card).join('')}</ul>`,
    isSandbox,
  );
}

const SANDBOX_LEAD =
  'Shops create payment orders here, buyers pay them, and the gateway sends each shop a signed callback. ' +
  'This is the sandbox: it has a small blockchain of its own, and its bitcoin is worth nothing.';
const LIVE_LEAD =
  'Shops create payment orders here, and their buyers pay them directly, with no one in between. ' +
  'If you want to pay, open the payment page that the shop has sent you.';

const FIRST_ORDER = `<section>
      <h2>Your first order</h2>
      <p>The terminal that runs <code>npm start</code> shows your credentials and lines to copy: an order with curl, and one with five lines of TypeScript.
      Afterwards it shows every order, payment and callback as it happens.</p>
    </section>`;

const HOME: HomeLink = { title: 'This gateway', text: 'What it is, and whether it works.', url: '%/' };

function ownLinks(isSandbox: boolean): readonly HomeLink[] {
  const command = isSandbox ? 'npm run webpos -- panel login' : 'webpos panel login';
  return [
    {
      title: 'Panel',
      text: `For the operator: every callback, and a button to send it again. <code>${command}</code> prints a code that opens it.`,
      url: '%/panel',
    },
    { title: 'API', text: 'Every request and response, on one readable page.', url: '%/docs' },
    { title: 'OpenAPI', text: 'The same for programs: generate a client, or import it into your tools.', url: '%/openapi.json' },
  ];
}

function shown({ title, text, url }: HomeLink): HomeLink {
  return { title: escape(title), text: escape(text), url: escape(url) };
}

function card({ title, text, url }: HomeLink): string {
  return `<li><a href="${url}"><strong>${title}</strong><span>${text}</span></a></li>`;
}

/** @param content HTML, in which `"%/` begins a link of this gateway. */
function render(title: string, basePath: string, content: string, isSandbox: boolean): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${title}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(MARK)}">
    <style>${STYLE}</style>
  </head>
  <body>
    <header><a href="%/">${MARK}WebPOS</a>${isSandbox ? '<span class="badge">Sandbox</span>' : ''}</header>
    <main>${content}</main>
    <footer>WebPOS ${VERSION}</footer>
  </body>
</html>`.replaceAll('"%/', `"${escape(basePath)}/`);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><circle cx="12" cy="12" r="12" fill="#0c5a46"/><path d="m12 5 6 3.3v7L12 18.6l-6-3.3v-7zM12 12l6-3.7M12 12v6.6M12 12 6 8.3" fill="none" stroke="#fff" stroke-width="1.6" stroke-linejoin="round"/></svg>';

/** The colours are those of the checkout page. */
export const STYLE: string = `
:root { color-scheme: light dark; --ground: #f4f4f1; --card: #fff; --ink: #191b1a; --quiet: #5a5e5a; --line: #e3e3de; --accent: #0c5a46; --good: #0c6a4c; --bad: #a42a1c; --play: #ffebc2; --on-play: #4d3500; --shadow: 0 1px 2px #0000000a, 0 12px 32px #0000000f; }
@media (prefers-color-scheme: dark) { :root { --ground: #0e100f; --card: #191c1b; --ink: #f0f1ee; --quiet: #aeb3ad; --line: #2f3431; --accent: #86dcbd; --good: #7fdcb8; --bad: #ff9d8f; --play: #43330a; --on-play: #ffe3a3; --shadow: none; } }
* { box-sizing: border-box; }
body { display: flex; min-height: 100vh; min-height: 100svh; flex-direction: column; margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
header, main, footer { width: 100%; max-width: 56rem; margin: 0 auto; padding: 1rem; }
header { display: flex; align-items: center; gap: .75rem; }
header a { display: inline-flex; align-items: center; gap: .625rem; color: inherit; font-size: 1.125rem; font-weight: 700; text-decoration: none; }
main { flex: 1; }
footer, .cards span { color: var(--quiet); font-size: .9375rem; }
h1 { margin: 1.5rem 0 .75rem; font-size: clamp(1.75rem, 6vw, 2.5rem); letter-spacing: -.02em; line-height: 1.12; text-wrap: balance; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
p { margin: 0 0 1rem; }
section p { max-width: 42rem; }
.lead { max-width: 40rem; color: var(--quiet); font-size: 1.125rem; }
.badge { padding: .125rem .625rem; border-radius: 1rem; background: var(--play); color: var(--on-play); font-size: .8125rem; font-weight: 600; }
.health { display: inline-flex; align-items: baseline; gap: .5rem; color: var(--tone); font-weight: 600; text-underline-offset: .2em; }
.health::before { width: .625rem; height: .625rem; flex: none; border-radius: 50%; background: var(--tone); content: ''; }
.health.good { --tone: var(--good); }
.health.bad { --tone: var(--bad); }
.cards { display: grid; margin: 1.5rem 0; padding: 0; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); list-style: none; }
.cards a { display: grid; height: 100%; align-content: start; padding: 1.125rem 1.25rem; border: 1px solid var(--line); border-radius: .875rem; background: var(--card); box-shadow: var(--shadow); color: inherit; gap: .25rem; text-decoration: none; }
.cards a:hover { border-color: var(--accent); }
.cards strong { color: var(--accent); font-size: 1.0625rem; }
.cards strong::after { content: ' \\2192'; }
code { padding: .1em .35em; border-radius: .3em; background: color-mix(in srgb, var(--ink) 8%, transparent); white-space: nowrap; font: .9em ui-monospace, Menlo, monospace; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
