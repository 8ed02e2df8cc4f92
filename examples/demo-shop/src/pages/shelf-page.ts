/** The goods and the cart, on one page. */
import { type CartLine, centsOf, MAX_QUANTITY, readCart, total } from '../cart.ts';
import type { Answer } from '../http.ts';
import { escape, page, type Surroundings } from './page.ts';

/** Until the buyer has chosen. */
const FIRST_CART = new URLSearchParams({ coffee: '1' });

/** @param query The cart, where a buyer without JavaScript has asked for its total. */
export function shelfPage(around: Surroundings, query: URLSearchParams): Answer {
  const cart = readCart(query.size === 0 ? FIRST_CART : query);
  const content = `
    <div class="welcome">
      <h1>Good coffee, paid in bitcoin</h1>
      <p>Choose something and pay with test bitcoin: it takes a few seconds.</p>
    </div>
    <form id="cart" method="post" action="/buy">
      <ul class="goods">${cart.map(goodItem).join('')}</ul>
      <section class="cart" aria-labelledby="cart-title">
        <h2 id="cart-title">Your cart</h2>
        <ul class="lines">${cart.map(cartLine).join('')}</ul>
        <p class="total"><span>Total</span> <output id="total" for="${cart.map(({ good }) => good.id).join(' ')}">€${total(cart)}</output></p>
        <noscript><button class="quiet" formmethod="get" formaction="/">Update the total</button></noscript>
        <button class="pay">Pay with bitcoin</button>
        <button class="quiet" type="button" id="here" hidden>Pay on this page</button>
        <p class="hint" role="status" id="news"></p>
      </section>
    </form>
    <script src="${escape(around.gatewayUrl)}/checkout.js" defer></script>`;
  return page(around, 200, 'Shop', content, { kind: 'shelf' });
}

function goodItem({ good, quantity }: CartLine): string {
  const { id, name, description, price } = good;
  return `<li class="good">
    <img src="/${id}.svg" alt="" width="320" height="240">
    <div>
      <h2>${escape(name)}</h2>
      <p>${escape(description)}</p>
    </div>
    <div class="choice">
      <strong>€${price}</strong>
      <div class="quantity" data-name="${escape(name)}">
        <label class="unseen" for="${id}">Quantity of ${escape(name)}</label>
        <input type="number" id="${id}" name="${id}" value="${quantity}" min="0" max="${MAX_QUANTITY}" inputmode="numeric" data-cents="${centsOf(good)}">
      </div>
    </div>
  </li>`;
}

function cartLine({ good, quantity }: CartLine): string {
  return `<li data-good="${good.id}"${quantity === 0 ? ' hidden' : ''}><span class="count">${quantity}</span> ${escape(good.name)}</li>`;
}
