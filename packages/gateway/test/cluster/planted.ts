/**
 * Bugs that the harness must find. Each is planted by an edit of the sources while they are bundled, so the gateway needs no switch for
 * it. An edit whose text no longer exists fails the test.
 */
import type { SourceEdit } from '../support/bundle-programs.ts';
import { burstAndKill, lateRenewal, stallTransaction, type EventKind } from './events.ts';

export interface Plant {
  readonly name: string;
  readonly edits: readonly SourceEdit[];
  /** What brings it to light. */
  readonly deck: readonly EventKind[];
  /** A violation that it causes. */
  readonly saying: RegExp;
}

export const PLANTS: readonly Plant[] = [
  {
    name: 'no fencing',
    edits: [{ file: 'src/store/fenced-store.ts', from: 'await tx.lease.hold(held);', to: '' }],
    deck: [stallTransaction],
    saying: /moved the chain or a payment in term \d+, which gw\d had begun/,
  },
  {
    name: 'no for key share',
    edits: [{ file: 'src/store/sql/lease.ts', from: '.forKeyShare()', to: '' }],
    deck: [stallTransaction],
    saying: /moved the chain or a payment in term \d+, which gw\d had begun/,
  },
  {
    name: 'a late renewal believed',
    edits: [
      {
        file: 'src/services/leader/leadership.ts',
        from: 'mandate.trustedUntilMs = Math.max(mandate.trustedUntilMs, askedAtMs +',
        to: 'mandate.trustedUntilMs = Math.max(mandate.trustedUntilMs, nowMs() +',
      },
    ],
    deck: [lateRenewal],
    saying: /both led for \d+ ms/,
  },
  {
    name: 'scripts loaded before the orders of other processes',
    edits: [
      {
        file: 'src/app/roles/leading.ts',
        from: 'const { scripts, outPoints } = await openIndexes(store);',
        to: 'const { scripts, outPoints } = await openIndexes(store); await new Promise((resolve) => setTimeout(resolve, 2_000));',
      },
      { file: 'src/app/roles/leading.ts', from: 'await watchWhatIsReady(store, watched, term.signal);', to: '' },
      {
        file: 'src/app/roles/leading.ts',
        from: 'watcher.watch(await store.orders.scriptsFrom(id, nextIndex));',
        to: 'void id, nextIndex;',
      },
    ],
    deck: [burstAndKill],
    saying: /payment \S+ of \d+ sat, .* to order \S+, is not recorded/,
  },
];
