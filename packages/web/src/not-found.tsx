/** @jsxRuntime automatic @jsxImportSource preact */
import { renderPage } from './page.tsx';
import { StateIcon } from './state-icon.tsx';

/** The whole HTML document for an address that names no payment order. */
export function renderNotFoundPage(): string {
  return renderPage({
    title: 'Order not found',
    follows: 'nothing',
    children: (
      <main>
        <div class="card end">
          <section class="state bad">
            <StateIcon tone="bad" />
            <h1>Order not found</h1>
            <p>There is no payment order at this address. Please go back to the shop and start the payment again.</p>
          </section>
        </div>
      </main>
    ),
  });
}
