/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { LANGUAGES } from '../i18n/languages.ts';
import type { Wording } from '../i18n/wording.ts';
import { Icon } from './icon.tsx';

interface LanguageMenuProps {
  wording: Wording;
  /** The same page in another language. */
  hrefOf: (tag: string) => string;
}

/** The same page in every language: plain links, so that nothing has to be remembered about the buyer. */
export function LanguageMenu({ wording: { text, language }, hrefOf }: LanguageMenuProps): VNode {
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
              <a href={hrefOf(tag)} lang={tag} hreflang={tag} aria-current={tag === language.tag ? 'true' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}
