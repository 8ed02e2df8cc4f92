// Makes the checkout page follow its order. The page works without this file; checkout-page.tsx lists what the two agree on.

const POLL_MS = 2_000;
// While the stream is open it reports changes at once; asking finds those that another process has made.
const STREAMED_POLL_MS = 30_000;
const REOPEN_STREAM_MS = 30_000;
const HIDDEN_POLL_MS = 10_000;
const SLOWEST_POLL_MS = 30_000;
const FETCH_TIMEOUT_MS = 10_000;
const FAILURES_BEFORE_NOTICE = 2;
const COPIED_MS = 2_000;
// A page that was just loaded is of the release that the gateway has.
const RELOAD_AFTER_MS = 30_000;

// The release of the styles and of this script.
const { release } = currentMain().dataset;

let shown = fingerprint(currentMain());
let endsAt = 0;
// The tag of the last page that was fetched.
let lastTag;
let failures = 0;
let asking = false;
let askAgain = false;
let timer;
let stream;
let streamIsOpen = false;
let streamEndedAt = -Infinity;
let leaving;
// While the buyer has chosen something: the page changes, but not the order.
let isChoosing = false;

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

/** What must differ for the page to be replaced: all of `<main>` except its clock and what the buyer has opened. */
function fingerprint(main) {
  const copyOfMain = main.cloneNode(true);
  copyOfMain.querySelectorAll('[data-countdown]').forEach((clock) => clock.remove());
  copyOfMain.querySelectorAll('#rate, #refund details').forEach((details) => details.removeAttribute('open'));
  copyOfMain.querySelectorAll('[data-leaving]').forEach((line) => (line.hidden = true));
  return copyOfMain.outerHTML;
}

/** Prepares a `<main>` that comes from the server. */
function enhance(main) {
  // Browsers offer the clipboard to https pages and localhost only.
  if (navigator.clipboard) main.querySelectorAll('[data-copy]').forEach((button) => (button.hidden = false));
  main.querySelectorAll('#print').forEach((button) => (button.hidden = false));
  startClock(main);
}

/** Asks again while the order may change; takes the buyer to the shop once nothing is left to do. */
function follow(main) {
  listen(main);
  if ('live' in main.dataset) askLater();
  // In a frame the shop's page navigates. The mark in the history lets the buyer come back to this page without being sent away again.
  if (main.dataset.leave && parent === window && !(history.state && history.state.left)) leave(main);
  else stay();
}

/** Listens to the stream of changes while there are any to come. */
function listen({ dataset }) {
  if (!('live' in dataset)) return stream && stream.close();
  if (!dataset.events || (stream && stream.readyState !== EventSource.CLOSED)) return;
  if (performance.now() - streamEndedAt < REOPEN_STREAM_MS) return;
  stream = new EventSource(dataset.events);
  stream.addEventListener('version', ({ data }) => {
    streamIsOpen = true;
    // Asks also if nothing has changed, since the network is back.
    if (failures > 0 || data !== currentMain().dataset.version) void ask();
  });
  stream.addEventListener('change', () => void ask());
  // It opens itself again unless it was refused; until then the page asks as often as without it. Each failed attempt is an error
  // too: only the first one may set the timer, or it would never fire.
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) streamEndedAt = performance.now();
    const wasOpen = streamIsOpen;
    streamIsOpen = false;
    if (wasOpen) askLater();
  });
}

/** Starts the timer once: it runs on while the order moves from seen to paid. */
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

function stay() {
  clearTimeout(leaving);
  leaving = undefined;
}

function askLater() {
  const streamed = streamIsOpen && failures === 0;
  // A refund waits for people: without a stream it is asked for as seldom as with one.
  const isPatient = streamed || currentMain().dataset.live === 'refund';
  const usual = isPatient ? STREAMED_POLL_MS * (1 + Math.random()) : document.hidden ? HIDDEN_POLL_MS : POLL_MS;
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), Math.min(usual * 2 ** failures, 2 * SLOWEST_POLL_MS));
}

function askNow() {
  if (!document.hidden && 'live' in currentMain().dataset) void ask();
}

async function ask() {
  // What changes while an answer is on its way may be missing from it.
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

/** Announces once that the connection is lost, and once that it is back. */
function showConnection(hasNews = false) {
  const notice = document.getElementById('offline');
  const lost = 'live' in currentMain().dataset && (failures >= FAILURES_BEFORE_NOTICE || !navigator.onLine);
  if (notice.hidden !== lost) return;
  notice.hidden = !lost;
  // A change that came with it has been announced already, and matters more.
  if (lost) say(notice.textContent);
  else if (!hasNews) say(notice.dataset.back);
}

/** Fetches the page; returns undefined if only its clock differs from the last one. */
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
    if (isOfOtherRelease(main)) location.reload();
    lastTag = response.headers.get('etag');
    return { main, title: fresh.title };
  } finally {
    clearTimeout(timeout);
  }
}

/** Styles and scripts of another release come with a whole page alone. Nobody loses what is being typed. */
function isOfOtherRelease({ dataset }) {
  const input = document.querySelector('#refund-address');
  return dataset.release !== release && performance.now() > RELOAD_AFTER_MS && !(input && input.value);
}

/** Replaces `<main>` if it has changed, so that no selection or focus is lost for nothing. Returns whether the change was announced. */
function take({ main, title }) {
  const next = fingerprint(main);
  if (next === shown && !currentMain().classList.contains('over')) {
    startClock(main);
    return false;
  }
  const old = currentMain();
  const spoken = old.dataset.say;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
  keepWhatIsOpen(old, main);
  keepWhatIsTyped(old, main);
  old.replaceWith(main);
  shown = next;
  document.title = title;
  // Shows the buttons first: what is hidden takes no focus.
  enhance(main);
  if (focused !== null) (document.getElementById(focused) || main).focus({ preventScroll: true });
  const isElsewhere = main.querySelector('#state').textContent !== old.querySelector('#state').textContent;
  const hasNews = main.dataset.say !== spoken && (isElsewhere || !isChoosing);
  if (hasNews) say(main.dataset.say);
  return hasNews;
}

function keepWhatIsOpen(old, main) {
  for (const selector of ['#rate', '#refund details', '#sandbox']) {
    const [before, after] = [old.querySelector(selector), main.querySelector(selector)];
    if (before && after) after.open = before.open || after.open;
  }
}

function keepWhatIsTyped(old, main) {
  for (const selector of ['#refund-address', '#sandbox-sats']) {
    const [before, after] = [old.querySelector(selector), main.querySelector(selector)];
    if (before && after && before.value !== before.defaultValue) after.value = before.value;
  }
}

function startClock(main) {
  const clock = main.querySelector('[data-countdown]');
  if (clock) setClock(Number(clock.dataset.countdown));
}

/** Goes by the gateway's clock, which this device's may be far from. */
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

/** Nobody should pay once the time is up, whether or not the gateway can be reached. */
function closeTill() {
  const main = currentMain();
  const { overTitle, overText } = main.dataset;
  main.classList.add('over');
  main.querySelector('#state').textContent = overTitle;
  main.querySelector('#state + p').textContent = overText;
  say(`${overTitle}. ${overText}`);
}

function onClick(event) {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest('#print')) return print();
  const button = event.target.closest('[data-copy]');
  if (button) return void copy(button);
  const link = event.target.closest('a[data-soft]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    void choose(link);
  }
}

/** Shows the page as the link asks for it. Without a connection everything stays as it was. */
async function choose({ id, href }) {
  if (id === 'stay') {
    delete currentMain().dataset.leave;
    stay();
  }
  const before = location.href;
  history.replaceState(history.state, '', href);
  isChoosing = true;
  await ask();
  isChoosing = false;
  if (failures > 0 && id !== 'stay') history.replaceState(history.state, '', before);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // The browser refused: the text is at least selected, to be copied by hand.
    const row = document.getElementById(button.dataset.from);
    row.classList.add('shown');
    getSelection().selectAllChildren(row.querySelector('.value'));
    return fail(row, button.dataset.failed);
  }
  if ('copied' in button.dataset) return;
  button.dataset.copied = '';
  say(button.dataset.done);
  setTimeout(() => delete button.dataset.copied, COPIED_MS);
}

function fail(row, text) {
  say(text);
  if (row.querySelector('.failed')) return;
  const hint = Object.assign(document.createElement('dd'), { className: 'hint failed', textContent: text });
  row.append(hint);
}

function say(text) {
  document.getElementById('announcer').textContent = text;
}
