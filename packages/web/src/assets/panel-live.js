// Keeps a page of the panel up to date while it is open. The page works without this file.
//
// An element with data-events names the stream that reports changes; the script then requests the page again and replaces the elements
// with data-live, each by its id. One in which somebody is writing stays as it is until the focus leaves it.

const POLL_MS = 15_000;
const RETRY_MS = 5_000;
const MAX_RETRY_MS = 60_000;
const FETCH_TIMEOUT_MS = 10_000;
const REOPEN_MS = 30_000;

const root = document.querySelector('[data-events]');
let asking = false;
let askAgain = false;
let failures = 0;
let timer;
let stream;
let closedAt = -Infinity;

if (root) {
  root.querySelectorAll('[data-reload]').forEach((link) => link.addEventListener('click', onReload));
  listen();
  askLater();
  document.addEventListener('visibilitychange', () => document.hidden || void ask());
  window.addEventListener('online', () => void ask());
  window.addEventListener('pageshow', ({ persisted }) => persisted && void ask());
  show(true);
}

document.querySelectorAll('[data-print]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
});
document.querySelectorAll('[data-no-print-button]').forEach((hint) => (hint.hidden = true));

function onReload(event) {
  event.preventDefault();
  void ask();
}

function listen() {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  if (performance.now() - closedAt < REOPEN_MS) return;
  stream = new EventSource(root.dataset.events);
  stream.addEventListener('version', () => void ask());
  stream.addEventListener('change', () => void ask());
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) closedAt = performance.now();
  });
}

// Attempts to deliver callbacks are not reported on the stream, so the page also asks by itself.
function askLater() {
  clearTimeout(timer);
  const pause = failures === 0 ? POLL_MS : Math.min(RETRY_MS * 2 ** failures, MAX_RETRY_MS);
  timer = setTimeout(
    () => {
      if (document.hidden) return askLater();
      listen();
      void ask();
    },
    pause * (0.75 + Math.random() / 2),
  );
}

async function ask() {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(location.pathname, {
      credentials: 'same-origin',
      // Does not keep the session alive.
      headers: { 'x-panel-refresh': '1' },
      redirect: 'manual',
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
    // The session has ended, or the order may no longer be seen: the server says so on the page itself.
    if (answer.type === 'opaqueredirect' || answer.status === 403 || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    replace(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    failures = 0;
  } catch {
    failures += 1;
  } finally {
    asking = false;
  }
  show(failures < 2);
  askLater();
  if (askAgain) {
    askAgain = false;
    void ask();
  }
}

function show(isLive) {
  root.querySelectorAll('[data-when-live]').forEach((line) => (line.hidden = !isLive));
  root.querySelectorAll('[data-when-offline]').forEach((line) => (line.hidden = isLive));
}

function replace(fresh) {
  for (const part of root.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (!next) continue;
    const opened = [...part.querySelectorAll('details[open]')].map(({ id }) => id);
    for (const id of opened) next.querySelector(`#${CSS.escape(id)}`)?.setAttribute('open', '');
    if (next.outerHTML === part.outerHTML || isWritingIn(part)) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
    part.replaceWith(document.adoptNode(next));
    if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

/** Whether a field has the focus, or has text that would be lost. */
function isWritingIn(part) {
  return [...part.querySelectorAll('input:not([type=hidden]), textarea')].some(
    (field) => field === document.activeElement || field.value !== field.defaultValue,
  );
}
