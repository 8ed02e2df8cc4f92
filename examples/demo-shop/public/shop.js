/** What makes the pages livelier: plus and minus, the total, the checkout in a dialog, and news of an order. They work without it. */

const cart = document.querySelector('#cart');
if (cart !== null) enhanceCart(cart);
if (document.querySelector('#callbacks') !== null) void followOrder();

function enhanceCart(form) {
  const inputs = [...form.querySelectorAll('input')];
  for (const input of inputs) {
    const { name } = input.parentElement.dataset;
    input.before(stepper('−', `One ${name} less`, () => input.stepDown()));
    input.after(stepper('+', `One ${name} more`, () => input.stepUp()));
  }
  form.addEventListener('input', show);
  show();

  const here = form.querySelector('#here');
  const news = form.querySelector('#news');
  // The gateway's script, which may come later than this one.
  addEventListener('load', () => (here.hidden = window.WebPOS === undefined));
  here.addEventListener('click', async () => {
    news.textContent = 'Creating your order …';
    const headers = { accept: 'application/json' };
    const answer = await fetch('/buy', { method: 'POST', headers, body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) return (news.textContent = 'That did not work. You were not charged; please try again.');
    const { url } = await answer.json();
    news.textContent = '';
    // Without onDone, the buyer goes to the order's page as from the checkout page itself.
    const onClose = () => (news.textContent = 'No payment has arrived yet. If you have just sent one, it still counts.');
    window.WebPOS.open({ url, onClose });
  });

  function stepper(sign, label, step) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'step', textContent: sign });
    button.setAttribute('aria-label', label);
    button.addEventListener('click', () => {
      step();
      show();
    });
    return button;
  }

  function show() {
    let cents = 0;
    for (const { name, value, dataset } of inputs) {
      const quantity = Math.min(Math.max(Math.trunc(Number(value)) || 0, 0), 9);
      cents += quantity * Number(dataset.cents);
      const line = form.querySelector(`[data-good="${name}"]`);
      line.hidden = quantity === 0;
      line.querySelector('.count').textContent = quantity;
    }
    form.querySelector('#total').textContent = `€${(cents / 100).toFixed(2)}`;
    for (const button of form.querySelectorAll('.pay, #here')) button.disabled = cents === 0;
  }
}

/** Asks for this page again every second, and takes over what is new in it. */
async function followOrder() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (document.hidden) continue;
    const answer = await fetch(location.href).catch(() => undefined);
    if (answer?.ok !== true) continue;
    const news = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [state, newState] = [document, news].map((page) => page.querySelector('#state'));
    if (state.innerHTML !== newState.innerHTML) {
      state.className = newState.className;
      state.innerHTML = newState.innerHTML;
      document.title = news.title;
    }
    const list = document.querySelector('#callbacks');
    // What was there stays, with what the reader has opened.
    for (const item of [...news.querySelectorAll('#callbacks > li')].slice(list.children.length)) {
      item.classList.add('new');
      list.append(item);
    }
  }
}
