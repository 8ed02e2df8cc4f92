// Opens a checkout page as a dialog in the shop's own page. Load it from the gateway that serves the page:
//   <script src="https://pay.example/checkout.js"></script>                   then WebPOS.open({ url })
//   import { open } from 'https://pay.example/checkout.mjs'                   then open({ url })
// The options and the messages are in docs/checkout.md. If the dialog cannot work, the browser goes to the page instead.

const VERSION = 1;
// A refused frame loads at once, and sends no message.
const SILENT_AFTER_LOAD_MS = 3_000;
const SILENT_MS = 10_000;
const WORDS = {
  title: 'Payment',
  close: 'Close',
  question: 'Close the payment?',
  explanation: 'Your payment may be on its way. It counts even if you close this window.',
  stay: 'Keep it open',
  leave: 'Close',
};
const STYLE = `
dialog { box-sizing: border-box; padding: 0; border: 0; color: #1c1d1b; background: #fff; font: 1rem/1.5 system-ui, sans-serif; }
dialog::backdrop { background: rgb(0 0 0 / 55%); }
.page { width: min(27rem, 100vw - 2rem); max-height: calc(100dvh - 2rem); overflow: hidden; border-radius: 1rem; }
.page[open] { display: grid; grid-template-rows: auto minmax(0, 1fr); }
.bar { display: flex; justify-content: end; padding: 0.25rem 0.25rem 0; }
iframe { display: block; width: 100%; height: 36rem; max-height: 100%; border: 0; color-scheme: light dark; }
button { min-width: 2.75rem; min-height: 2.75rem; padding: 0.5rem 1rem; border: 1px solid #85877d; border-radius: 0.625rem;
  color: inherit; background: transparent; font: inherit; font-weight: 600; cursor: pointer; }
.bar button { padding: 0; border-color: transparent; font-size: 1.5rem; line-height: 1; }
button:hover { border-color: currentcolor; }
:focus-visible { outline: 3px solid #1c5494; outline-offset: -3px; }
.question { width: min(24rem, 100vw - 2rem); padding: 1.25rem; border: 1px solid #85877d; border-radius: 1rem; }
.question h2 { margin: 0 0 0.25rem; font-size: 1.125rem; }
.question p { margin: 0 0 1rem; }
.question div { display: flex; flex-wrap: wrap; gap: 0.75rem; justify-content: end; }
@media (max-width: 30rem) {
  .page { width: 100vw; max-width: none; height: 100dvh; max-height: none; border-radius: 0; }
  iframe { height: 100% !important; }
}
@media (prefers-color-scheme: dark) {
  dialog { color: #eeeeea; background: #1b1e1c; }
  :focus-visible { outline-color: #93c2f7; }
}
@media (prefers-reduced-motion: no-preference) {
  .page[open] { animation: appear 150ms ease-out; }
  @keyframes appear { from { opacity: 0; transform: translateY(0.75rem); } }
}`;

let current;

export function open(options) {
  const { url, onState, onDone, onClose } = readOptions(options);
  if (current) current.close();
  if (typeof HTMLDialogElement === 'undefined' || !Element.prototype.attachShadow) {
    location.assign(url);
    return { close() {} };
  }
  const from = document.activeElement;
  const { overflow } = document.documentElement.style;
  const { host, dialog, closer, frame, question } = build(url);
  let paymentId = '';
  let state = { status: 'pending', blockchainStatus: 'pending' };
  let underWay = false;
  let isReady = false;
  let isOver = false;
  let timer = setTimeout(goThere, SILENT_MS);

  const opened = {
    close() {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      window.removeEventListener('message', onMessage);
      if (current === opened) current = undefined;
      document.documentElement.style.overflow = overflow;
      dialog.close();
      host.remove();
      if (from instanceof HTMLElement) from.focus();
    },
  };

  window.addEventListener('message', onMessage);
  closer.addEventListener('click', askToClose);
  // Escape on a keyboard, and its counterpart on phones.
  dialog.addEventListener('cancel', (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    askToClose();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.target.closest('.question')) return;
    event.preventDefault();
    askToClose();
  });
  // A browser may close it nevertheless.
  dialog.addEventListener('close', (event) => event.target === dialog && closed());
  question.addEventListener('close', () => question.returnValue === 'leave' && closed());
  document.body.append(host);
  document.documentElement.style.overflow = 'hidden';
  dialog.showModal();
  // Set only now: before that, browsers load an empty document into the frame.
  frame.addEventListener('load', () => {
    if (isReady || isOver) return;
    clearTimeout(timer);
    timer = setTimeout(goThere, SILENT_AFTER_LOAD_MS);
  });
  frame.src = url;
  current = opened;
  return opened;

  function onMessage({ source, origin, data }) {
    if (source !== frame.contentWindow || origin !== new URL(url).origin) return;
    if (typeof data !== 'object' || data === null || data.webpos !== VERSION) return;
    const act = { ready: onReady, state: onNews, size: onSize, done: onEnd, close: askToClose }[data.type];
    if (act) act(data);
  }

  function onReady({ paymentId: id, words }) {
    clearTimeout(timer);
    paymentId = String(id);
    frame.contentWindow.postMessage({ webpos: VERSION, type: 'hello' }, new URL(url).origin);
    speak({ dialog, closer, frame, question }, words);
    const { activeElement } = host.shadowRoot;
    if (!isReady && (activeElement === closer || activeElement === null)) frame.focus();
    isReady = true;
  }

  function onNews({ status, blockchainStatus, underWay: is }) {
    state = { status: String(status), blockchainStatus: String(blockchainStatus) };
    // A payment stays under way until the order has ended, even if the page is loaded again in another language.
    underWay = status === 'pending' && (underWay || is === true);
    if (onState) onState({ paymentId, ...state });
  }

  function onSize({ height }) {
    if (height > 0) frame.style.height = `${Number(height)}px`;
  }

  function onEnd({ url: to }) {
    opened.close();
    const back = webUrl(to);
    if (onDone) onDone({ paymentId, ...state, url: back });
    else if (back !== null) location.assign(back);
  }

  function askToClose() {
    if (!underWay) closed();
    else if (!question.open) question.showModal();
  }

  function closed() {
    if (isOver) return;
    opened.close();
    if (onClose) onClose({ paymentId, ...state });
  }

  function goThere() {
    opened.close();
    location.assign(url);
  }
}

function readOptions(options) {
  const { url, ...callbacks } = options ?? {};
  const page = webUrl(url);
  if (page === null)
    throw new TypeError('url: expected the redirect_url of a payment order, an http or https URL, got something else');
  for (const name of ['onState', 'onDone', 'onClose'])
    if (callbacks[name] !== undefined && typeof callbacks[name] !== 'function')
      throw new TypeError(`${name}: expected a function, got ${typeof callbacks[name]}`);
  return { url: page, ...callbacks };
}

function webUrl(text) {
  try {
    const { protocol, href } = new URL(text);
    return protocol === 'https:' || protocol === 'http:' ? href : null;
  } catch {
    return null;
  }
}

/** Builds the dialog, out of reach of the shop's styles. */
function build(url) {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  addStyle(root);
  const frame = element('iframe', { allow: `clipboard-write ${new URL(url).origin}`, referrerPolicy: 'no-referrer' });
  const closer = element('button', { type: 'button', textContent: '×' });
  const bar = element('div', { className: 'bar' });
  bar.append(closer);
  const dialog = element('dialog', { className: 'page' });
  const question = element('dialog', { className: 'question' });
  question.setAttribute('role', 'alertdialog');
  question.setAttribute('aria-labelledby', 'question');
  question.setAttribute('aria-describedby', 'explanation');
  const buttons = document.createElement('div');
  buttons.append(
    ...['stay', 'leave'].map((name) => {
      const button = element('button', { type: 'button', className: name, autofocus: name === 'stay' });
      button.addEventListener('click', () => question.close(name));
      return button;
    }),
  );
  question.append(element('h2', { id: 'question' }), element('p', { id: 'explanation' }), buttons);
  dialog.append(bar, frame, question);
  root.append(dialog);
  const parts = { host, dialog, closer, frame, question };
  speak(parts, WORDS);
  return parts;
}

/** Sets all texts in the buyer's language, once the page has sent the words. */
function speak({ dialog, closer, frame, question }, words) {
  const { title, close, lang, dir, ...asked } = { ...WORDS, ...words };
  if (lang) Object.assign(dialog, { lang: String(lang), dir: String(dir) });
  dialog.setAttribute('aria-label', title);
  frame.title = title;
  closer.setAttribute('aria-label', close);
  question.querySelector('h2').textContent = asked.question;
  question.querySelector('p').textContent = asked.explanation;
  for (const name of ['stay', 'leave']) question.querySelector(`.${name}`).textContent = asked[name];
}

/** A constructed style sheet is allowed even by a policy that forbids inline styles. */
function addStyle(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(element('style', { textContent: STYLE }));
  }
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
