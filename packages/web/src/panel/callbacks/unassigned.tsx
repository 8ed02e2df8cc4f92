/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { TimeFromNow } from '../frame/times.tsx';
import type { PanelUnassigned } from './view.ts';

/** Bitcoin that belongs to no order; null without any. */
export function Unassigned({ unassigned, now }: { unassigned: readonly PanelUnassigned[]; now: string }): VNode | null {
  if (unassigned.length === 0) return null;
  return (
    <section aria-labelledby="unassigned">
      <h2 id="unassigned">Unassigned payments</h2>
      <p class="note bad">
        Bitcoin arrived at addresses that belong to no order. Find out who sent it, then run{' '}
        <code>webpos payment acknowledge</code>.
      </p>
      <ul class="cards">
        {unassigned.map((one) => (
          <li key={`${one.txid}:${one.vout}`} class="card endpoint">
            <h3>
              {`${one.sats} sat`}
              <span class="badge heed">{one.place}</span>
            </h3>
            <dl>
              <div>
                <dt>Account</dt>
                <dd>{`${one.accountName}, address ${one.index}`}</dd>
              </div>
              <div>
                <dt>Address</dt>
                <dd class="said">{one.address}</dd>
              </div>
              <div>
                <dt>Output</dt>
                <dd class="said">{`${one.txid}:${one.vout}`}</dd>
              </div>
              <div>
                <dt>Seen</dt>
                <dd>
                  <TimeFromNow iso={one.firstSeenAt} now={now} />
                </dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}
