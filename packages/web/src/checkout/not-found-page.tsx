/** @jsxRuntime automatic @jsxImportSource preact */
import { ENGLISH, type Language } from '../i18n/languages.ts';
import { wordingOf } from '../i18n/wording.ts';
import { renderShell } from '../page/shell.tsx';
import { Icon } from '../page/icon.tsx';

/** The whole HTML document for an address that names no payment order. */
export function renderNotFoundPage(language: Language = ENGLISH): string {
  const wording = wordingOf(language);
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
