/** What the others know of the chain, and what operators are told. Clocks are those of the test. */
import { beforeEach, describe, expect, test } from 'vitest';
import { blockOf, NOON } from '../../../test/support/samples.ts';
import type { WatcherStatus } from '../../chain/watcher.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import type { StoredLease } from '../../store/ports/leader/lease-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { describeLeader } from './describe-leader.ts';
import { LeaderView, leaderStatusText } from './leader-view.ts';

const TIP = blockOf(7);
const STATUS: WatcherStatus = {
  syncedAt: plusMs(NOON, -2_000),
  tip: TIP,
  trouble: 'the node is gone',
  concerns: [{ kind: 'no_peers', blind: true, says: 'the node has no peers' }],
  reading: { read: 3, of: 5, fetched: 1 },
};
const TEXT = leaderStatusText({ status: STATUS, mempoolSize: 11, watchedScripts: 12 }, NOON);

function leaseOf(changes: Partial<StoredLease> = {}): StoredLease {
  return { holder: '4711@till 0f1e2d3c4b5a', term: 5, validMs: 8_000, status: TEXT, statusAgeMs: 1_000, ...changes };
}

describe('a process that does not lead', () => {
  let nowMs: number;
  let now: EpochMs;
  let view: LeaderView;

  beforeEach(() => {
    nowMs = 0;
    // Minutes away from the clock of the leader.
    now = plusMs(NOON, 300_000);
    view = new LeaderView({ clock: { now: () => now }, nowMs: () => nowMs });
  });

  test('knows nothing before it has read the lease', () => {
    expect(view.status).toEqual({ syncedAt: undefined, tip: undefined, trouble: undefined, concerns: [], reading: undefined });
    expect([view.term, view.mempoolSize, view.watchedScripts]).toEqual([0, 0, 0]);
  });

  test('knows what the leader has stored, with times by its own clock', () => {
    view.see(leaseOf());
    nowMs = 500;
    expect(view.status).toEqual({ ...STATUS, syncedAt: plusMs(now, -3_500) });
    expect([view.term, view.mempoolSize, view.watchedScripts]).toEqual([5, 11, 12]);
  });

  test('counts as well while another one may take over, and no longer', () => {
    view.see(
      leaseOf({
        status: leaderStatusText({ status: { ...STATUS, trouble: undefined }, mempoolSize: 0, watchedScripts: 0 }, NOON),
      }),
    );
    nowMs = 8_000 + 12_000;
    expect(view.status.trouble).toBeUndefined();
    nowMs += 1;
    expect(view.status.trouble).toBe('no process follows the chain');
  });

  test.each(['{', 'null', '7', '{}'])('takes a status that says nothing, such as %s', (status) => {
    view.see(leaseOf({ status }));
    expect(view.status).toMatchObject({ syncedAt: undefined, tip: undefined, trouble: undefined });
    expect(view.term).toBe(5);
  });

  test('waits for a reading that was made after it asked', async () => {
    let isCaughtUp = false;
    const waiting = view.caughtUp(AbortSignal.timeout(60_000)).then(() => (isCaughtUp = true));
    view.see(leaseOf());
    await Promise.resolve();
    expect(isCaughtUp).toBe(false);
    now = plusMs(now, 3_000);
    view.see(leaseOf());
    await waiting;
    expect(isCaughtUp).toBe(true);
  });

  test('stops waiting when it is told to', async () => {
    const stopping = new AbortController();
    const waiting = view.caughtUp(stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('an operator is told', () => {
  const told = (changes: Partial<StoredLease>): ReturnType<typeof describeLeader> =>
    describeLeader({ lease: { read: async () => leaseOf(changes) } } as unknown as Store);

  test('nothing where only one process has ever served', async () => {
    expect(await told({ term: 0, holder: undefined })).toBeUndefined();
  });

  test.each<[string, Partial<StoredLease>, boolean, string]>([
    ['who leads', {}, true, 'process 4711@till leads in term 5, and read the chain 3 s ago; it watches 12 scripts'],
    [
      'that the chain is being read',
      { status: '{}' },
      true,
      'process 4711@till leads in term 5, and has not read the chain to its tip yet',
    ],
    [
      'that the lease has expired',
      { validMs: 0 },
      false,
      'no process has followed the chain since term 5 ended; the next one that serves begins at once',
    ],
    [
      'that nobody has taken the lease',
      { holder: undefined },
      false,
      'no process has followed the chain since term 5 ended; the next one that serves begins at once',
    ],
  ])('%s', async (_, changes, isLed, says) => {
    expect(await told(changes)).toEqual({ isLed, says });
  });
});
