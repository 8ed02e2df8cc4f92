// Makes the checkout page follow its order. The page works without this file; checkout.tsx says what the two agree on.

const POLL_MS = 2_000;
// While the stream is open it tells of changes at once; asking is for what another process of the gateway has changed.
const STREAMED_POLL_MS = 30_000;
const REOPEN_STREAM_MS = 30_000;
const HIDDEN_POLL_MS = 10_000;
const SLOWEST_POLL_MS = 30_000;
const FETCH_TIMEOUT_MS = 10_000;
const FAILURES_BEFORE_NOTICE = 2;
const COPIED_MS = 2_000;

let shown = fingerprint(currentMain());
let endsAt = 0;
// Names the last page that came.
let lastTag;
let failures = 0;
let asking = false;
let askAgain = false;
let timer;
let stream;
let streamIsOpen = false;
let streamEndedAt = -Infinity;
let leaving;

enhance(currentMain());
follow(currentMain());
setInterval(turnClock, 1_000);
document.addEventListener('click', onClick);
document.addEventListener('visibilitychange', askNow);
window.addEventListener('focus', askNow);
window.addEventListener('online', askNow);
window.addEventListener('offline', () => showConnection());
window.addEventListener('pageshow', ({ persisted }) => persisted && askNow());

function currentMain() {
  return document.querySelector('main');
}

/** What must differ for the page to change: all of `<main>` but its clock. */
function fingerprint(main) {
  const copyOfMain = main.cloneNode(true);
  copyOfMain.querySelectorAll('[data-countdown]').forEach((clock) => clock.remove());
  copyOfMain.querySelectorAll('#rate').forEach((rate) => rate.removeAttribute('open'));
  copyOfMain.querySelectorAll('[data-leaving]').forEach((line) => (line.hidden = true));
  return copyOfMain.outerHTML;
}

/** Brings a `<main>` fresh from the server to life. */
function enhance(main) {
  // Browsers offer the clipboard to https pages and localhost only.
  if (navigator.clipboard) main.querySelectorAll('[data-copy]').forEach((button) => (button.hidden = false));
  main.querySelectorAll('#print').forEach((button) => (button.hidden = false));
  startClock(main);
}

/** Asks again while there is news to come; takes the buyer away once it is paid. */
function follow(main) {
  listen(main);
  if ('live' in main.dataset) askLater();
  // In a frame it is for the shop's page to go. The mark in the history lets the buyer come back to this page without being sent away again.
  if (main.dataset.leave && parent === window && !(history.state && history.state.left)) leave(main);
  else stay();
}

/** Hears of changes for as long as there are any to come. */
function listen({ dataset }) {
  if (!('live' in dataset)) return stream && stream.close();
  if (!dataset.events || (stream && stream.readyState !== EventSource.CLOSED)) return;
  if (performance.now() - streamEndedAt < REOPEN_STREAM_MS) return;
  stream = new EventSource(dataset.events);
  stream.addEventListener('version', ({ data }) => {
    streamIsOpen = true;
    // Also when nothing has changed: then the network is back.
    if (failures > 0 || data !== currentMain().dataset.version) void ask();
  });
  stream.addEventListener('change', () => void ask());
  // It opens itself again unless it was refused; until then the page asks as often as without it. Each vain attempt is an error
  // too: only the first one may wind the timer, or it would never go off.
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) streamEndedAt = performance.now();
    const wasOpen = streamIsOpen;
    streamIsOpen = false;
    if (wasOpen) askLater();
  });
}

/** Once: the time runs on while the order moves from seen to paid. */
function leave(main) {
  main.querySelector('[data-leaving]').hidden = false;
  leaving ??= setTimeout(
    () => {
      history.replaceState({ left: true }, '');
      location.assign(main.dataset.leave);
    },
    Number(main.dataset.leaveAfter) * 1_000,
  );
}

/** There is something to read after all. */
function stay() {
  clearTimeout(leaving);
  leaving = undefined;
}

function askLater() {
  const streamed = streamIsOpen && failures === 0;
  const usual = streamed ? STREAMED_POLL_MS * (1 + Math.random()) : document.hidden ? HIDDEN_POLL_MS : POLL_MS;
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), Math.min(usual * 2 ** failures, 2 * SLOWEST_POLL_MS));
}

function askNow() {
  if (!document.hidden && 'live' in currentMain().dataset) void ask();
}

async function ask() {
  // What changes while an answer is on its way may not be in it.
  if (asking) return (askAgain = true);
  asking = true;
  let hasNews = false;
  try {
    const news = await fetchNews();
    hasNews = news !== undefined && take(news);
    failures = 0;
  } catch {
    failures += 1;
  } finally {
    asking = false;
  }
  if (askAgain) {
    askAgain = false;
    return ask();
  }
  showConnection(hasNews);
  follow(currentMain());
}

/** Says once that the connection is lost, and once that it is back. */
function showConnection(hasNews = false) {
  const notice = document.getElementById('offline');
  const lost = 'live' in currentMain().dataset && (failures >= FAILURES_BEFORE_NOTICE || !navigator.onLine);
  if (notice.hidden !== lost) return;
  notice.hidden = !lost;
  // The news that it brings are told already, and are worth more.
  if (lost) say(notice.textContent);
  else if (!hasNews) say(notice.dataset.back);
}

/** What the page has become; undefined when it is the same as the one that came last, but for its clock. */
async function fetchNews() {
  const abort = new AbortController();
  const timeout = setTimeout(() => abort.abort(), FETCH_TIMEOUT_MS);
  try {
    const headers = { Accept: 'text/html' };
    if (lastTag && !currentMain().classList.contains('over')) headers['If-None-Match'] = lastTag;
    const response = await fetch(location.href, { cache: 'no-store', headers, signal: abort.signal });
    if (response.status === 304) return setClock(Number(response.headers.get('x-expires-in')));
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const main = fresh.querySelector('main');
    if (!main) throw new Error('no page');
    lastTag = response.headers.get('etag');
    return { main, title: fresh.title };
  } finally {
    clearTimeout(timeout);
  }
}

/** Shows the new `<main>` if it says anything new, so that a selection or a focus is not disturbed for nothing. Tells whether it was announced. */
function take({ main, title }) {
  const next = fingerprint(main);
  if (next === shown && !currentMain().classList.contains('over')) {
    startClock(main);
    return false;
  }
  const old = currentMain();
  const spoken = old.dataset.say;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
  keepSandboxPanel(old, main);
  const [rate, newRate] = [old.querySelector('#rate'), main.querySelector('#rate')];
  if (rate && newRate) newRate.open = rate.open;
  old.replaceWith(main);
  shown = next;
  document.title = title;
  // First of all the buttons are shown: what is hidden takes no focus.
  enhance(main);
  if (focused !== null) (document.getElementById(focused) || main).focus({ preventScroll: true });
  if (main.dataset.say !== spoken) say(main.dataset.say);
  return main.dataset.say !== spoken;
}

/** What a person has opened or typed in the sandbox's controls stays. */
function keepSandboxPanel(old, main) {
  const [before, after] = [old.querySelector('#sandbox'), main.querySelector('#sandbox')];
  if (before && after) after.open = before.open;
  const [typed, field] = [old.querySelector('#sandbox-sats'), main.querySelector('#sandbox-sats')];
  if (typed && field && typed.value !== typed.defaultValue) field.value = typed.value;
}

function startClock(main) {
  const clock = main.querySelector('[data-countdown]');
  if (clock) setClock(Number(clock.dataset.countdown));
}

/** By the gateway's clock, which this device's may be far from. */
function setClock(seconds) {
  endsAt = performance.now() + seconds * 1_000;
  turnClock();
}

function turnClock() {
  const clock = document.querySelector('[data-countdown]');
  if (!clock) return;
  const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n) => String(n).padStart(2, '0');
  if (seconds === 0 && clock.dataset.over === undefined) {
    clock.dataset.over = '';
    closeTill();
    askNow();
  }
  clock.textContent = h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Nobody is to pay once the time is up, whether or not the gateway can be asked what comes next. */
function closeTill() {
  const main = currentMain();
  const { overTitle, overText } = main.dataset;
  main.classList.add('over');
  main.querySelector('#state').textContent = overTitle;
  main.querySelector('#state + p').textContent = overText;
  say(`${overTitle}. ${overText}`);
}

function onClick({ target }) {
  if (target instanceof Element && target.closest('#print')) return print();
  const button = target instanceof Element && target.closest('[data-copy]');
  if (button) void copy(button);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // The browser said no: the text is then at least ready to be copied by hand.
    const row = document.getElementById(button.dataset.from);
    row.classList.add('shown');
    return getSelection().selectAllChildren(row.querySelector('.value'));
  }
  if ('copied' in button.dataset) return;
  button.dataset.copied = '';
  say(button.dataset.done);
  setTimeout(() => delete button.dataset.copied, COPIED_MS);
}

function say(text) {
  document.getElementById('announcer').textContent = text;
}
