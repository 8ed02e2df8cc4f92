/** @jsxRuntime automatic @jsxImportSource preact */
import { Fragment, type VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { Icon } from '../page/icon.tsx';

interface CopyableProps {
  id: string;
  name: string;
  value: string;
  /** The value in groups that are easily compared; together they are the value, to the letter. */
  groups?: readonly string[];
  wording: Wording;
}

/**
 * Text to select; its button shows up only where `checkout.js` can copy. It holds both of its labels, of which one is seen, so
 * that it keeps its size.
 */
export function Copyable({ id, name, value, groups = [value], wording: { text } }: CopyableProps): VNode {
  return (
    <div class="copyable" id={`${id}-row`}>
      <dt>{name}</dt>
      <dd class="value" dir="ltr">
        {groups.map((group, index) => (
          <Fragment key={index}>
            <span>{group}</span>
            <wbr />
          </Fragment>
        ))}
      </dd>
      <dd>
        <button
          class="copy"
          id={`copy-${id}`}
          type="button"
          hidden
          data-copy={value}
          data-from={`${id}-row`}
          data-done={`${text('copied')}: ${name}`}
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
