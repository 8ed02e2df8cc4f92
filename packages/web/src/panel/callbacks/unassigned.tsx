/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import type { Phrase } from '../../i18n/phrase.ts';
import { Digits, Verbatim, Words } from '../../page/verbatim.tsx';
import { Commands } from '../access/login-page.tsx';
import { Fact } from '../frame/fact.tsx';
import { TimeInWords } from '../frame/times.tsx';
import type { CallbackWords } from './callback-words.ts';
import type { PanelUnassigned } from './view.ts';

interface UnassignedProps {
  unassigned: readonly PanelUnassigned[];
  now: string;
  words: CallbackWords;
}

/** Bitcoin that belongs to no order; null without any. */
export function Unassigned({ unassigned, now, words }: UnassignedProps): VNode | null {
  if (unassigned.length === 0) return null;
  const { text, phrase } = words;
  return (
    <section aria-labelledby="unassigned">
      <h2 id="unassigned">{text('unassigned')}</h2>
      <p class="note bad">
        <Commands of={phrase('unassigned_more', { command: 'webpos payment acknowledge' })} />
      </p>
      <ul class="cards">
        {unassigned.map((one) => (
          <Payment key={`${one.txid}:${one.vout}`} one={one} now={now} words={words} />
        ))}
      </ul>
    </section>
  );
}

function Payment({ one, now, words }: Omit<UnassignedProps, 'unassigned'> & { one: PanelUnassigned }): VNode {
  const { text, phrase, integer, bitcoin, fromNow } = words;
  const excerpt = (value: string): ComponentChildren => (
    <span class="said">
      <Verbatim>{value}</Verbatim>
    </span>
  );
  return (
    <li class="card endpoint">
      <h3>
        <Digits text={bitcoin(one.amountBtc)} />
        <span class="badge heed">
          <Words of={placeOf(one, words)} />
        </span>
      </h3>
      <dl>
        <Fact name={text('account')}>
          <Words of={phrase('address_index', { account: one.accountName, index: integer(one.index) })} />
        </Fact>
        <Fact name={text('address')}>{excerpt(one.address)}</Fact>
        <Fact name={text('output')}>{excerpt(`${one.txid}:${one.vout}`)}</Fact>
        <Fact name={text('seen')}>
          <TimeInWords iso={one.firstSeenAt} of={[fromNow(one.firstSeenAt, now)]} />
        </Fact>
      </dl>
    </li>
  );
}

function placeOf({ place, blockHeight }: PanelUnassigned, { text, phrase, integer }: CallbackWords): Phrase {
  return place === 'block' ? phrase('place_block', { height: integer(blockHeight ?? 0) }) : [text(`place_${place}`)];
}
