/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Digits, Verbatim, Words } from '../../page/verbatim.tsx';
import { ListRow } from '../frame/list-row.tsx';
import type { PanelWords } from '../frame/wording.ts';
import { RefundStatus } from './refund-status.tsx';
import type { RefundText } from './texts/en.ts';
import type { PanelRefund } from './view.ts';

interface RefundRowProps {
  refund: PanelRefund;
  basePath: string;
  words: PanelWords<RefundText>;
}

/** A refund in a list. */
export function RefundRow({ refund, basePath, words }: RefundRowProps): VNode {
  const { text, phrase, bitcoin, date } = words;
  const { uuid, amountBtc, address, posName, requestedAt, requestedBy, status } = refund;
  return (
    <ListRow
      href={`${basePath}/panel/refunds/${uuid}`}
      title={amountBtc === null ? text('amount_open') : <Digits text={bitcoin(amountBtc)} />}
      status={<RefundStatus status={status} text={text} />}
      facts={
        <>
          <span>
            <Words of={phrase(requestedBy === 'buyer' ? 'by_buyer' : 'by_merchant', { pos: posName })} />
          </span>
          <time dateTime={requestedAt}>{date(requestedAt)}</time>
        </>
      }
    >
      <p class="said">
        <Verbatim>{address}</Verbatim>
      </p>
    </ListRow>
  );
}
