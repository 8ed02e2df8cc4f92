/** @jsxRuntime automatic @jsxImportSource preact */
import { ENGLISH_READER, type Reader } from '../i18n/languages.ts';
import { wordingOf } from '../i18n/wording.ts';
import { renderShell } from '../page/shell.tsx';
import { Icon } from '../page/icon.tsx';

/** Renders the whole HTML document for a link that leads to no payment order. */
export function renderNotFoundPage(reader: Reader = ENGLISH_READER): string {
  const wording = wordingOf(reader);
  return renderShell({
    title: wording.text('not_found'),
    wording,
    basePath: '',
    accent: null,
    scripted: false,
    children: (
      <main>
        <div class="card end">
          <section class="state quiet">
            <Icon name="search" ring />
            <h1>{wording.text('not_found')}</h1>
            <p>{wording.text('not_found_more')}</p>
          </section>
        </div>
      </main>
    ),
  });
}
