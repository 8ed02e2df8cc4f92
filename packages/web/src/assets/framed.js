// Reports to the shop's page, which shows this one in a frame, where the order stands. docs/checkout.md lists the messages.
// Only pages of the origins that the shop has listed get them: the gateway provides the list, and the browser enforces it.

const VERSION = 1;
// Long enough to read that it is paid, where the page says nothing else.
const LEAVE_AFTER_S = 3;

const { paymentId, origins, words } = document.documentElement.dataset;
// Where the browser names the parent, the other origins of the list need no try.
const parentOrigin = location.ancestorOrigins && location.ancestorOrigins[0];
let targets = origins.split(' ').filter((origin) => !parentOrigin || origin === parentOrigin);
let isListening = false;
let isUnderWay = false;
let told = '';
let height = 0;
let leaving;

tell('ready', { words: JSON.parse(words) });
tellState();
tellSize();
new MutationObserver(tellState).observe(document.body, { childList: true });
new ResizeObserver(tellSize).observe(document.body);
document.addEventListener('click', onClick);
// A buyer who enters the frame by keyboard starts at its beginning, and leaves it again by one step back.
window.addEventListener('focus', () => {
  if (document.activeElement === document.body) document.querySelector('main').focus({ preventScroll: true });
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.defaultPrevented) tell('close');
});
window.addEventListener('message', ({ source, origin, data }) => {
  if (source !== parent || !targets.includes(origin) || !data || data.webpos !== VERSION || data.type !== 'hello') return;
  isListening = true;
  targets = [origin];
});

function tell(type, more = {}) {
  for (const target of targets) parent.postMessage({ webpos: VERSION, type, paymentId, ...more }, target);
}

/** Says nothing on the pages that ask or print: the order is where it was. */
function tellState() {
  const { status, blockchainStatus, leave, leaveAfter = LEAVE_AFTER_S } = document.querySelector('main').dataset;
  if (!status) return;
  const underWay = status === 'pending' && (isUnderWay || blockchainStatus !== 'pending');
  const news = JSON.stringify([status, blockchainStatus, underWay]);
  if (news !== told) tell('state', { status, blockchainStatus, underWay });
  told = news;
  if (leave) return leaveSoon(leave, Number(leaveAfter));
  stay();
}

function leaveSoon(url, afterS) {
  if (leaving !== undefined) return;
  for (const line of document.querySelectorAll('[data-leaving]')) line.hidden = false;
  leaving = setTimeout(() => tell('done', { url }), afterS * 1_000);
}

function stay() {
  clearTimeout(leaving);
  leaving = undefined;
}

function tellSize() {
  const now = Math.ceil(document.body.getBoundingClientRect().height);
  if (now !== height) tell('size', { height: now });
  height = now;
}

function onClick(event) {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest('#stay')) return stay();
  // A buyer who has opened a wallet or copied an address may have paid before the network shows it.
  if (event.target.closest('.wallet a, [data-copy]')) {
    isUnderWay = true;
    tellState();
  }
  const back = event.target.closest('#back');
  if (!back) return;
  tell('done', { url: back.href });
  // Where nobody listens, the link itself leads to the shop, out of the frame.
  if (isListening) event.preventDefault();
}
