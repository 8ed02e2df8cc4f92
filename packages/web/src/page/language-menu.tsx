/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { LANGUAGES } from '../i18n/languages.ts';
import type { Wording } from '../i18n/wording.ts';
import { Icon } from './icon.tsx';

/** The same page in another language: plain links, so that nothing has to be remembered of the buyer. */
export function LanguageMenu({ wording: { text, language } }: { wording: Wording }): VNode {
  return (
    <nav class="languages" aria-label={text('language')}>
      <details>
        <summary>
          <Icon name="globe" />
          <span class="unseen">{text('language')}: </span>
          {language.name}
        </summary>
        <ul>
          {LANGUAGES.map(({ tag, name }) => (
            <li key={tag}>
              <a href={`?lang=${tag}`} lang={tag} hreflang={tag} aria-current={tag === language.tag ? 'true' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}
