/**
 * A shop whose buyers pay without leaving its page: the checkout opens as a dialog (docs/checkout.md). Without JavaScript the same
 * button leads to the checkout page instead.
 *
 *   npm install @webpos/sdk
 *   webpos pos update --client-id ... --origin http://localhost:8082
 *   WEBPOS_URL=http://127.0.0.1:8080 WEBPOS_CLIENT_ID=... WEBPOS_SECRET=... node shop.mjs
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import process from 'node:process';
import { Client } from '@webpos/sdk';

const { WEBPOS_URL = 'http://127.0.0.1:8080', WEBPOS_CLIENT_ID = '', WEBPOS_SECRET = '', PORT = '8082' } = process.env;
const { PUBLIC_URL = `http://localhost:${PORT}` } = process.env;
const client = new Client({ mode: 'sandbox', clientId: WEBPOS_CLIENT_ID, secret: WEBPOS_SECRET, baseUrl: WEBPOS_URL });
const gateway = new URL(WEBPOS_URL).origin;

const PAGES = {
  '/': page(
    'Coffee',
    `<form method="post" action="/buy"><button>Buy for €3.50</button></form>
    <p id="news" role="status"></p>
    <script src="${WEBPOS_URL}/checkout.js"></script>
    <script type="module" src="/shop.js"></script>`,
  ),
  '/thanks': page('Thank you', '<p>We have your order.</p>'),
};

const SCRIPT = `
const news = document.querySelector('#news');
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const answer = await fetch('/buy', { method: 'POST', headers: { accept: 'application/json' } });
  const { url } = await answer.json();
  WebPOS.open({
    url,
    onState: ({ status, blockchainStatus }) => (news.textContent = status + ', ' + blockchainStatus),
    onClose: () => (news.textContent = 'You have not paid yet.'),
    // Without onDone the buyer goes to continue_url or cancel_url, as from the page itself.
  });
});
`;

const POLICY = `default-src 'none'; script-src 'self' ${gateway}; frame-src ${gateway}; connect-src 'self'; form-action 'self' ${gateway}`;

createServer((request, response) => {
  answer(request, response).catch((/** @type {unknown} */ error) => {
    console.error(error);
    response.writeHead(500).end();
  });
}).listen(Number(PORT), () => console.log(`The shop is open at ${PUBLIC_URL}`));

async function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', PUBLIC_URL);
  if (request.method === 'POST' && pathname === '/buy') return buy(request, response);
  if (pathname === '/shop.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(SCRIPT);
  const html = PAGES[pathname];
  if (html === undefined) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY }).end(html);
}

async function buy({ headers }, response) {
  const order = await client.createPaymentOrder({
    amount: '3.50',
    reference: randomUUID(),
    continue_url: `${PUBLIC_URL}/thanks`,
    cancel_url: `${PUBLIC_URL}/`,
  });
  if (headers.accept !== 'application/json') return response.writeHead(303, { location: order.redirect_url }).end();
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ url: order.redirect_url }));
}

function page(title, main) {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>${title}</title>
  <main>
    <h1>${title}</h1>
    ${main}
  </main>
</html>`;
}
