/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { Icon } from '../page/icon.tsx';
import { UNTRANSLATED } from '../page/verbatim.tsx';

interface CopyableProps {
  id: string;
  name: string;
  /** What is copied. */
  value: string;
  wording: Wording;
  /** The value as it is shown. */
  children: ComponentChildren;
}

/**
 * Text to select, with a button that `checkout.js` shows where it can copy. The button holds both of its labels, of which one is
 * visible, so that it keeps its size.
 */
export function Copyable({ id, name, value, wording: { text, language }, children }: CopyableProps): VNode {
  return (
    <div class="copyable" id={`${id}-row`}>
      <dt>{name}</dt>
      <dd class="value" dir="ltr" {...UNTRANSLATED}>
        {children}
      </dd>
      <dd>
        <button
          class="copy"
          id={`copy-${id}`}
          type="button"
          hidden
          data-copy={value}
          data-from={`${id}-row`}
          data-done={text('copied') + language.stop + name}
          data-failed={text('copy_failed')}
        >
          <Icon name="copy" />
          <Icon name="check" />
          <span class="label">
            <span>{text('copy')}</span>
            <span>{text('copied')}</span>
          </span>
          <span class="unseen"> {name}</span>
        </button>
      </dd>
    </div>
  );
}
