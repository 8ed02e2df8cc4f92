/** @jsxRuntime automatic @jsxImportSource preact */
import { ENGLISH_READER, type Reader } from '../i18n/languages.ts';
import { wordingOf } from '../i18n/wording.ts';
import { renderShell } from '../page/shell.tsx';
import { Icon, type IconName } from '../page/icon.tsx';

/** Renders the whole HTML document for a link that leads to no payment order. */
export function renderNotFoundPage(reader: Reader = ENGLISH_READER): string {
  return renderEnd(reader, 'search', 'not_found', 'not_found_more');
}

/** Renders the whole HTML document for an order whose address is not authentic, and is not shown. */
export function renderUnverifiedPage(reader: Reader = ENGLISH_READER): string {
  return renderEnd(reader, 'alert', 'unverified', 'unverified_more');
}

type EndText = 'not_found' | 'not_found_more' | 'unverified' | 'unverified_more';

function renderEnd(reader: Reader, icon: IconName, title: EndText, more: EndText): string {
  const wording = wordingOf(reader);
  return renderShell({
    title: wording.text(title),
    wording,
    basePath: '',
    accent: null,
    scripted: false,
    children: (
      <main>
        <div class="card end">
          <section class="state quiet">
            <Icon name={icon} ring />
            <h1>{wording.text(title)}</h1>
            <p>{wording.text(more)}</p>
          </section>
        </div>
      </main>
    ),
  });
}
