import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newestOrders } from '../../test/support/newest-orders.ts';
import { pngOf } from '../../test/support/logos.ts';
import { runWebpos, type Run } from '../../test/support/run-webpos.ts';
import { blockOf, judged, SAMPLE_ATTEMPT, sampleCallback, sampleOrder, samplePayment } from '../../test/support/samples.ts';
import { testKey } from '../../test/support/test-gateway.ts';
import { CallbackHandler } from '@webpos/sdk/callbacks';
import { openBase } from '../app/open-base.ts';
import { systemClock, plusMs } from '../kernel/clock.ts';
import type { AccountId, PosId } from '../kernel/ids.ts';
import type { Order } from '../orders/order.ts';
import type { Store } from '../store/ports/store.ts';

const MISSING = '00000000-0000-4000-8000-000000000000';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-cli-'));
  await onStore(async () => {});
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const webpos = (...words: string[]): Promise<Run> => runWebpos(folder, words);

/** Runs a command with `--json`, and returns what it prints. */
async function json(...words: string[]): Promise<unknown> {
  const { status, out, err } = await webpos(...words, '--json');
  expect([status, err]).toEqual([0, '']);
  expect(out.split('\n')).toHaveLength(1);
  return JSON.parse(out);
}

interface MadePos {
  readonly uuid: PosId;
  readonly client_id: string;
  readonly secret: string;
  readonly account: AccountId;
}

async function newPos(key = 1): Promise<MadePos> {
  const { uuid: account } = (await json('account', 'create', '--name', 'Wallet', '--xpub', testKey(key))) as { uuid: AccountId };
  const made = await json('pos', 'create', '--name', 'Till', '--account', account, '--currency', 'EUR');
  return { ...(made as MadePos), account };
}

async function onStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const { store } = await openBase(
    {
      databaseUrl: `sqlite:${join(folder, 'webpos.db')}`,
      keyFile: join(folder, 'webpos.key'),
      marksFile: join(folder, 'webpos.key.marks'),
    } as Parameters<typeof openBase>[0],
    { create: true },
  );
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Stores an order of a POS. */
async function storedOrder(of: MadePos, store: Store, addressIndex: number, reference: string): Promise<Order> {
  const pos = (await store.pos.get(of.uuid))!;
  const order = sampleOrder(pos, { addressIndex, reference });
  await store.orders.insert(order);
  return order;
}

it('commands that only read create no key file', async () => {
  expect(await json('refund', 'list')).toEqual([]);
  expect(await json('order', 'list')).toEqual([]);
  for (const [kind, missing] of [
    ['callback', 'no callback with id'],
    ['order', 'no order with id'],
    ['refund', 'no key file at'],
  ] as const)
    expect(await webpos(kind, 'show', MISSING)).toMatchObject({ status: 1, err: expect.stringContaining(missing) as string });
  expect((await readdir(folder)).filter((name) => name.startsWith('webpos.key'))).toEqual([]);
});

describe('webpos refund list', () => {
  it('shows what a buyer requested from an earlier version as not verified, and the doctor counts it', async () => {
    const pos = await newPos();
    const order = await onStore(async (store) => {
      const { terms } = await storedOrder(pos, store, 3, 'cart 3');
      await store.refundRequests.put({ orderId: terms.id, address: 'bcrt1qbuyer', requestedAt: terms.createdAt });
      return terms.id;
    });
    const unverified = { uuid: null, order, pos: pos.uuid, status: 'unverified', address: 'bcrt1qbuyer', amount: null };
    for (const filter of [[], ['--status', 'requested'], ['--status', 'unverified', '--pos', pos.uuid]])
      expect(await json('refund', 'list', ...filter)).toMatchObject([unverified]);
    for (const filter of [
      ['--status', 'approved'],
      ['--pos', MISSING],
      ['--before', MISSING],
    ])
      expect(await json('refund', 'list', ...filter)).toEqual([]);
    const { out } = await webpos('refund', 'list');
    expect(out).toMatch(new RegExp(`unverified +- +bcrt1qbuyer +${order}`));
    expect(out).toMatch(/\nUnverified: .* use webpos refund request\.$/);
    expect((await webpos('doctor')).out).toMatch(/refunds.* one request of a buyer is not verified/);
  });
});

describe('webpos pos', () => {
  it('list shows every POS without its secrets', async () => {
    expect(await json('pos', 'list')).toEqual([]);
    expect((await webpos('pos', 'list')).out).toBe('No POS yet: webpos pos create creates one.');
    const pos = await newPos();
    await json('pos', 'rotate-secret', '--pos', pos.uuid);
    expect(await json('pos', 'list')).toEqual([
      {
        uuid: pos.uuid,
        client_id: pos.client_id,
        name: 'Till',
        type: 'web',
        account: pos.account,
        currency: 'EUR',
        active: true,
        callback_url: null,
        continue_url: null,
        cancel_url: null,
        required_confirmations: 1,
        rate_provider: null,
        rate_spread_bps: 0,
        tolerance_bps: null,
        tolerance_sats: null,
        return_when: 'seen',
        try_again: false,
        transaction_changed: false,
        refund_events: false,
        merchant: null,
        support: null,
        accent: null,
        logo: null,
        origins: [],
        created_at: expect.stringMatching(/Z$/) as unknown,
        previous_secret_expires_at: expect.stringMatching(/Z$/) as unknown,
      },
    ]);
    expect((await webpos('pos', 'list')).out).toMatch(
      new RegExp(`^uuid .*\\n${pos.uuid}  ${pos.client_id}  Till  EUR       active, previous secret expires at 20.*Z$`),
    );
  });

  it('update changes the given settings, keeps the others, and removes those set to none', async () => {
    const pos = await newPos();
    const shown = async (): Promise<unknown> => ((await json('pos', 'list')) as { support: unknown }[])[0]?.support;
    const answer = await json('pos', 'update', '--pos', pos.uuid, '--support', 'help@shop.example');
    expect(answer).toMatchObject({ uuid: pos.uuid, client_id: pos.client_id, support: 'help@shop.example' });
    expect(await shown()).toBe('help@shop.example');
    const nothing = await webpos('pos', 'update', '--pos', pos.uuid);
    expect([nothing.status, nothing.err]).toEqual([
      2,
      expect.stringMatching(/^webpos: expected one of --name, .*--support.*--origin.*, got none/),
    ]);
    const wrong = await webpos('pos', 'update', '--pos', pos.uuid, '--support', 'the till');
    expect([wrong.status, wrong.err]).toEqual([2, expect.stringContaining('--support: expected an e-mail address')]);
    expect(await shown()).toBe('help@shop.example');
    await json('pos', 'update', '--client-id', pos.client_id, '--support', 'none');
    expect(await shown()).toBeNull();
  });

  it('update says when its buyers return to the shop, and whether they may try again', async () => {
    const { uuid } = await newPos();
    const update = (...words: string[]): Promise<unknown> => json('pos', 'update', '--pos', uuid, ...words);
    expect(await update('--return', 'paid')).toMatchObject({ return_when: 'paid', try_again: false });
    expect(await update('--try-again', 'yes')).toMatchObject({ return_when: 'paid', try_again: true });
    expect(await update('--return', 'seen', '--try-again', 'no')).toMatchObject({ return_when: 'seen', try_again: false });
    expect((await webpos('pos', 'update', '--pos', uuid, '--return', 'soon')).err).toContain(
      '--return: expected one of seen, paid, got "soon"',
    );
  });

  it('update sets and removes name, colour, logo and the origins that may frame the pages', async () => {
    const { uuid } = await newPos();
    const update = async (...words: string[]): Promise<unknown> => json('pos', 'update', '--pos', uuid, ...words);
    const logo = join(folder, 'logo.of-no-known-kind');
    await writeFile(logo, pngOf(4, 4));
    const origins = ['https://shop.example', 'http://localhost:3000'];
    const all = await update(
      '--name',
      'Caf\u00e9',
      '--accent',
      '#F7931A',
      '--logo',
      logo,
      ...origins.flatMap((origin) => ['--origin', origin]),
    );
    const id = expect.stringMatching(/^[\da-f]{64}$/) as unknown;
    expect(all).toMatchObject({ name: 'Caf\u00e9', accent: '#f7931a', logo: id, origins });
    expect(await json('pos', 'list')).toMatchObject([{ name: 'Caf\u00e9', accent: '#f7931a', logo: id, origins }]);
    expect(await update('--origin', 'https://other.example')).toMatchObject({ logo: id, origins: ['https://other.example'] });
    const none = await update('--accent', 'none', '--logo', 'none', '--origin', 'none');
    expect(none).toMatchObject({ name: 'Caf\u00e9', accent: null, logo: null, origins: [] });
  });

  it.each([
    ['accent', 'orange', 'expected a colour such as #0c5a46, got "orange"'],
    ['origin', 'https://*.shop.example', 'expected an origin such as https://shop.example'],
    ['origin', 'https://shop.example/', 'expected the bare origin https://shop.example, got something else'],
    ['logo', '/nowhere/logo.png', 'expected the path of a file that can be read, got one that cannot (ENOENT)'],
    ['logo', tmpdir(), 'got one that cannot (EISDIR)'],
    ['logo', fileURLToPath(import.meta.url), 'expected a PNG, JPEG, WebP or SVG image, got something else'],
    ['logo', '/dev/zero', 'expected an image of at most 65536 bytes, got a larger file'],
    ['name', ' ', 'expected a value, got nothing'],
  ])('update refuses --%s %s with a message that names the option', async (option, value, message) => {
    const { uuid } = await newPos();
    const { status, err } = await webpos('pos', 'update', '--pos', uuid, `--${option}`, value);
    expect([status, err]).toEqual([2, expect.stringMatching(new RegExp(`^webpos: --${option}: `))]);
    expect(err).toContain(message);
  });

  it('update accepts local origins only in the sandbox, and at most ten origins', async () => {
    const { uuid } = await newPos();
    const local = ['pos', 'update', '--pos', uuid, '--origin', 'http://localhost:3000'];
    const live = await runWebpos(folder, local, {
      WEBPOS_MODE: 'live',
      WEBPOS_PUBLIC_URL: 'https://pay.example',
      WEBPOS_BITCOIND_URL: 'http://127.0.0.1:1',
    });
    expect([live.status, live.err]).toEqual([
      2,
      expect.stringContaining('--origin: expected an origin such as https://shop.example, got'),
    ]);
    const many = Array.from({ length: 11 }, (_, at) => ['--origin', `https://shop${at}.example`]).flat();
    expect((await webpos('pos', 'update', '--pos', uuid, ...many)).err).toContain('--origin: expected at most 10, got 11');
  });

  it('rotate-secret shows a second secret once, and --complete revokes the first', async () => {
    const pos = await newPos();
    const before = systemClock.now();
    const begun = (await json('pos', 'rotate-secret', '--client-id', pos.client_id)) as Record<string, string>;
    expect(begun).toEqual({
      uuid: pos.uuid,
      client_id: pos.client_id,
      secret: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      webhook_secret: expect.stringMatching(/^whsec_/) as unknown,
      previous_secret_expires_at: expect.any(String) as unknown,
    });
    expect(begun['secret']).not.toBe(pos.secret);
    const lastsMs = Date.parse(begun['previous_secret_expires_at']!) - before;
    expect(lastsMs).toBeGreaterThanOrEqual(86_400_000);
    expect(lastsMs).toBeLessThan(86_460_000);

    const again = await webpos('pos', 'rotate-secret', '--pos', pos.uuid);
    expect([again.status, again.out]).toEqual([1, '']);
    expect(again.err).toMatch(new RegExp(`^webpos: pos: the secret of ${pos.uuid} is already being rotated, until 20`));
    expect(await json('pos', 'rotate-secret', '--pos', pos.uuid, '--complete')).toEqual({
      uuid: pos.uuid,
      client_id: pos.client_id,
      completed: true,
    });
    const twice = await webpos('pos', 'rotate-secret', '--pos', pos.uuid, '--complete');
    expect([twice.status, twice.err]).toEqual([
      1,
      `webpos: pos: expected one whose secret is being rotated, got ${pos.uuid}, whose secret is not`,
    ]);
  });

  it('rotate-secret says what to do next, and that the secret is not shown again', async () => {
    const { uuid } = await newPos();
    const { out } = await webpos('pos', 'rotate-secret', '--pos', uuid);
    expect(out).toMatch(/\n {2}secret {5}[0-9a-f]{64}\n.*: whsec_.*\nStore the new secrets now: they are not shown again\./);
    expect(out).toContain('run this with --complete');
    expect((await webpos('pos', 'rotate-secret', '--pos', uuid, '--complete')).out).toContain('are revoked');
  });

  it('rotate-secret refuses another key file, whose secrets the gateway could not open, with status 1', async () => {
    const { uuid } = await newPos();
    await writeFile(join(folder, 'other.key'), `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    const { status, out, err } = await runWebpos(folder, ['pos', 'rotate-secret', '--pos', uuid], {
      WEBPOS_KEY_FILE: join(folder, 'other.key'),
    });
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain('WEBPOS_KEY_FILE: expected the key file of this database, got another');
    expect(await json('pos', 'list')).toMatchObject([{ previous_secret_expires_at: null }]);
  });

  it('serve refuses a key file that does not open the second secret of a rotation', async () => {
    const { uuid } = await newPos();
    await onStore(async (store) => {
      const pos = (await store.pos.get(uuid))!;
      await store.pos.update({ ...pos, rotation: { sealedSecret: 'of another', startedAt: systemClock.now() } });
    });
    const { status, err } = await webpos('serve');
    expect(status).toBe(1);
    expect(err).toContain(`WEBPOS_KEY_FILE: expected the key file of this database, got another: it does not decrypt`);
    expect(err).toContain(uuid);
  });

  it('disable and enable change whether it may log in', async () => {
    const { uuid, client_id } = await newPos();
    expect(await json('pos', 'disable', '--pos', uuid)).toEqual({ uuid, client_id, active: false });
    expect(await json('pos', 'list')).toMatchObject([{ active: false }]);
    expect((await webpos('pos', 'disable', '--client-id', client_id)).out).toContain('cannot log in');
    expect(await json('pos', 'enable', '--client-id', client_id)).toEqual({ uuid, client_id, active: true });
    expect(await json('pos', 'list')).toMatchObject([{ active: true }]);
  });

  it.each(['rotate-secret', 'disable', 'enable'])('%s names an unknown POS, with status 1', async (name) => {
    expect(await webpos('pos', name, '--pos', MISSING)).toEqual({
      status: 1,
      out: '',
      err: `webpos: --pos: no POS with id ${MISSING}`,
    });
    const { status, err } = await webpos('pos', name, '--client-id', 'nobody');
    expect([status, err]).toEqual([1, 'webpos: --client-id: no POS with this client id']);
  });
});

describe('webpos account list', () => {
  it('shows the next address, and how many before it were never paid', async () => {
    expect(await json('account', 'list')).toEqual([]);
    const pos = await newPos();
    const { addresses } = (await json('account', 'create', '--name', 'Other', '--xpub', testKey(2))) as { addresses: string[] };
    await onStore(async (store) => {
      for (let n = 0; n < 22; n += 1) await storedOrder(pos, store, await store.accounts.takeIndexes(pos.account, 1), `${n}`);
      const orders = (await newestOrders(store)).toReversed();
      await store.orders.placePayment(
        samplePayment(
          orders.find(({ terms }) => terms.addressIndex === 1)!,
          'paid',
        ),
      );
    });
    expect(await json('account', 'list')).toMatchObject([
      { uuid: pos.account, name: 'Wallet', network: 'regtest', script_type: 'p2wpkh', next_index: 22, unused_in_a_row: 20 },
      { name: 'Other', next_index: 0, next_address: addresses[0], unused_in_a_row: 0 },
    ]);
    expect((await webpos('account', 'list')).out).toContain(`Account ${pos.account}: the last 20 addresses were never paid`);
  });
});

describe('webpos account export', () => {
  it('prints the descriptor with its checksum, and the import request for Bitcoin Core', async () => {
    const { account } = await newPos();
    await onStore((store) => store.accounts.takeIndexes(account, 1));
    const exported = (await json('account', 'export', '--account', account)) as {
      descriptor: string;
      import_descriptors: { desc: string }[];
    };
    expect(exported).toMatchObject({ uuid: account, name: 'Wallet', network: 'regtest', next_index: 1 });
    expect(exported.descriptor).toMatch(/^wpkh\(tpub.*\/0\/\*\)#[0-9a-z]{8}$/);
    expect(exported.import_descriptors).toEqual([
      { desc: exported.descriptor, timestamp: expect.any(Number) as unknown, range: [0, 1000], active: false, internal: false },
    ]);
    const { out } = await webpos('account', 'export', '--account', account);
    expect(out).toContain(`\n  ${exported.descriptor}\n`);
    expect(out).toContain(`\n  ${JSON.stringify(exported.import_descriptors)}`);
  });

  it('names an unknown account with status 1, and a missing option with status 2', async () => {
    expect(await webpos('account', 'export', '--account', MISSING)).toMatchObject({
      status: 1,
      err: `webpos: --account: no account with id ${MISSING}`,
    });
    expect(await webpos('account', 'export')).toMatchObject({
      status: 2,
      err: expect.stringContaining('--account: expected') as string,
    });
  });
});

describe('webpos order', () => {
  it('list shows the newest orders of every POS, of one POS, or of one status', async () => {
    const [one, two] = [await newPos(1), await newPos(2)];
    const [first, second] = await onStore(async (store) => {
      const orders = [await storedOrder(one, store, 0, 'first'), await storedOrder(two, store, 0, 'second')] as const;
      await store.orders.update(
        { ...orders[1], state: { status: 'expired', expiredAt: plusMs(orders[1].terms.expiresAt, 1), coveredAt: null } },
        judged({ blockchainStatus: 'expired' }),
      );
      return orders;
    });
    const listed = async (...words: string[]): Promise<string[]> =>
      ((await json('order', 'list', ...words)) as { uuid: string }[]).map(({ uuid }) => uuid);
    expect((await listed()).sort()).toEqual([first.terms.id, second.terms.id].sort());
    expect(await listed('--pos', one.uuid)).toEqual([first.terms.id]);
    expect(await listed('--status', 'expired')).toEqual([second.terms.id]);
    expect(await listed('--status', 'paid')).toEqual([]);
    expect(await listed('--limit', '1')).toHaveLength(1);
    const { out } = await webpos('order', 'list', '--limit', '1');
    expect(out).toMatch(/More orders: --before [0-9a-f-]{36}$/);
    // With cursors, a program reads every page; without them, it gets the list that it always got.
    const page = (await json('order', 'list', '--limit', '1', '--cursors')) as { orders: { uuid: string }[]; older: string };
    expect(page).toEqual({ orders: [expect.anything()], older: page.orders[0]!.uuid, newer: null, is_cut_off: false });
    const rest = await json('order', 'list', '--limit', '1', '--cursors', '--before', page.older);
    expect(rest).toMatchObject({ orders: [expect.anything()], older: null, newer: expect.anything() });
    expect((await webpos('order', 'list', '--cursors')).err).toContain('--cursors: expected --json beside it');
    expect((await webpos('order', 'list', '--status', 'paid')).out).toBe('No such order.');
  });

  it('show prints terms, payments, states with their times, and reported events', async () => {
    const pos = await newPos();
    const order = await onStore(async (store) => {
      const made = await storedOrder(pos, store, 3, 'a reference');
      await store.chain.append([blockOf(7)]);
      await store.orders.placePayment(samplePayment(made, 'x', { place: { kind: 'block', ...blockOf(7) } }));
      await store.orders.update(
        { ...made, state: { status: 'paid', paidAt: plusMs(made.terms.createdAt, 60_000) } },
        judged({ blockchainStatus: 'paid' }),
      );
      await store.callbacks.insert([sampleCallback(made)]);
      return made;
    });
    expect(await json('order', 'show', order.terms.id)).toMatchObject({
      uuid: order.terms.id,
      pos: pos.uuid,
      account: pos.account,
      address_index: 3,
      status: 'paid',
      reference: 'a reference',
      btc_amount: Number(order.terms.amount),
      payments: [{ vout: 0, amount: 50_000, place: 'block', block_height: 7 }],
      transitions: [{ status: 'pending' }, { status: 'paid' }],
      events: [{ event: 'payment.completed', delivery: 'waiting', attempts: 0 }],
    });
    const { out } = await webpos('order', 'show', order.terms.id);
    expect(out).toContain(`uuid: ${order.terms.id}\n`);
    expect(out).toMatch(/\n {2}-\n {4}txid: [0-9a-f]{64}\n/);
    expect(await webpos('order', 'show', MISSING)).toMatchObject({
      status: 1,
      err: `webpos: no order with id ${MISSING}`,
    });
  });
});

describe('webpos callback', () => {
  async function threeEvents(): Promise<{ order: Order; ids: string[] }> {
    const pos = await newPos();
    return onStore(async (store) => {
      const order = await storedOrder(pos, store, 0, 'told');
      const events = [0, 1, 2].map((n) =>
        sampleCallback(order, { body: `{"n":${n}}`, url: n === 2 ? null : 'https://shop.example/' }),
      );
      await store.callbacks.insert(events);
      for (const event of events.slice(0, 2)) {
        await store.callbacks.claim(claimAt(order.terms.posId, systemClock.now()));
        const outcome = { kind: 'failed', at: systemClock.now(), error: 'answered 500' } as const;
        await store.transaction((tx) =>
          tx.callbacks.finish([{ callback: event, end: { outcome, record: SAMPLE_ATTEMPT } }], 'me'),
        );
      }
      return { order, ids: events.map(({ id }) => id) };
    });
  }
  const claimAt = (posId: PosId, now: ReturnType<typeof systemClock.now>): Parameters<Store['callbacks']['claim']>[0] => ({
    posId,
    kind: 'fresh',
    now,
    until: plusMs(now, 30_000),
    claimant: 'me',
    endpoint: 'https://shop.example',
    limit: 1,
  });

  it('list and show print the delivery of each callback, and show prints its body', async () => {
    const { order, ids } = await threeEvents();
    const listed = async (...words: string[]): Promise<string[]> =>
      ((await json('callback', 'list', ...words)) as { uuid: string }[]).map(({ uuid }) => uuid);
    expect(await listed('--order', order.terms.id)).toEqual([...ids].reverse());
    expect(await listed('--pos', order.terms.posId, '--status', 'failed')).toEqual([ids[1], ids[0]]);
    expect(await listed('--status', 'not_wanted', '--limit', '5')).toEqual([ids[2]]);
    expect(await listed('--order', MISSING)).toEqual([]);
    expect((await webpos('callback', 'list')).out).toMatch(/failed +1 +answered 500/);
    expect(await json('callback', 'show', ids[0]!)).toMatchObject({
      uuid: ids[0],
      order: order.terms.id,
      sequence: 0,
      status: 'failed',
      attempts: 1,
      last_error: 'answered 500',
      next_attempt_at: null,
      body: '{"n":0}',
      log: [{ duration_ms: 12, status: 500, response_excerpt: 'sorry' }],
      address_checked: true,
    });
    expect(await webpos('callback', 'show', MISSING)).toMatchObject({ status: 1, out: '' });
  });

  it('redeliver makes a callback due again, after the earlier ones of its order', async () => {
    const { order, ids } = await threeEvents();
    expect(await json('callback', 'redeliver', ids[1]!)).toEqual({
      uuid: ids[1],
      order: order.terms.id,
      event: 'payment.completed',
      blocked_by: null,
    });
    expect(await json('callback', 'redeliver', ids[0]!)).toMatchObject({ blocked_by: null });
    const again = await webpos('callback', 'redeliver', ids[1]!);
    expect(again.out).toContain(
      `It waits until callback ${ids[0]}, an earlier event of the order, has been delivered or given up.`,
    );
    await onStore(async (store) => {
      const now = plusMs(systemClock.now(), 1);
      const claimed = await store.callbacks.claim({ ...claimAt(order.terms.posId, now), limit: 9 });
      expect(claimed.map(({ id, attempts }) => [id, attempts])).toEqual([[ids[0], 1]]);
    });
    // It is being sent until its lease expires.
    for (const id of ids.slice(0, 2)) {
      const refused = await webpos('callback', 'redeliver', id);
      expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('is being sent now')]);
    }
    const delivered = { outcome: { kind: 'delivered', at: systemClock.now() }, record: SAMPLE_ATTEMPT } as const;
    const first = { id: ids[0] as never, orderId: order.terms.id };
    await onStore((store) => store.transaction((tx) => tx.callbacks.finish([{ callback: first, end: delivered }], 'me')));
    expect(await json('callback', 'redeliver', ids[1]!)).toMatchObject({ blocked_by: null });
  });

  it('test sends a signed event that releases no goods, and shows the outcome', async () => {
    const { uuid, secret } = await newPos();
    const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
    let status = 204;
    await using server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(status).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const words = ['callback', 'test', '--pos', uuid, '--url', url];
    const dangerously = { WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' };
    expect(await runWebpos(folder, words, dangerously)).toMatchObject({ status: 0, out: expect.stringContaining('with 204') });
    const callback = await new CallbackHandler({ secret }).parse(seen[0]!.headers, seen[0]!.body);
    expect(callback).toMatchObject({ event: 'payment.expired', object: { state: { status: 'expired' }, reference: 'test' } });
    status = 500;
    expect(await runWebpos(folder, words, dangerously)).toMatchObject({
      status: 1,
      err: expect.stringContaining('answered 500'),
    });
    expect(await runWebpos(folder, words)).toMatchObject({ status: 1, err: expect.stringContaining('expected an https URL') });
    expect(seen).toHaveLength(2);
    await runWebpos(folder, words, { ...dangerously, WEBPOS_TLS_CERT_FILE: 'cert.pem', WEBPOS_TLS_KEY_FILE: 'key.pem' });
    expect(JSON.parse(seen[2]!.body)).toMatchObject({ object: { redirect_url: expect.stringMatching(/^https:/) as unknown } });
    expect(await webpos('callback', 'test', '--pos', uuid)).toMatchObject({ status: 1, err: expect.stringContaining('--url') });
  });

  it('redeliver refuses an unknown callback and one without a URL, with status 1', async () => {
    const { ids } = await threeEvents();
    expect(await webpos('callback', 'redeliver', MISSING)).toMatchObject({
      status: 1,
      err: `webpos: no callback with id ${MISSING}`,
    });
    const { status, err } = await webpos('callback', 'redeliver', ids[2]!);
    expect([status, err]).toEqual([1, expect.stringContaining('expected one with a URL')]);
  });
});

describe('webpos', () => {
  it.each([
    [['pos', 'list', '--name', 'x'], /unknown option --name/],
    [['pos', 'list', 'x'], /got the argument "x"/],
    [['pos', 'rotate-secret'], /one of --pos and --client-id, got neither/],
    [['pos', 'disable', '--pos', MISSING, '--client-id', 'x'], /got both/],
    [['pos', 'enable', '--pos', 'Till'], /--pos: expected the UUID of a POS, got "Till"/],
    [['pos', 'disable', '--pos', ''], /--pos: expected a value, got nothing/],
    [['pos', 'disable', '--pos', MISSING, '--complete'], /unknown option --complete/],
    [['pos', 'rotate-secret', '--pos', MISSING, '--complete=now'], /--complete: expected no value, got one/],
    [['order', 'list', '--status', 'lost'], /--status: expected one of pending, partial, .*, got "lost"/],
    [['order', 'list', '--limit', '0'], /--limit: expected a whole number from 1 to 1000, got "0"/],
    [['order', 'list', '--limit', '1e3'], /--limit: .* got "1e3"/],
    [['order', 'list', '--limit'], /--limit: expected a value, got nothing/],
    [['order', 'show'], /expected the UUID of an order, got nothing/],
    [['order', 'show', 'x'], /expected the UUID of an order, got "x"/],
    [['order', 'show', MISSING, MISSING], /expected the UUID of an order, got 2 arguments/],
    [['callback', 'list', '--status', 'lost'], /--status: expected one of waiting, delivered, failed, not_wanted, got "lost"/],
    [['callback', 'list', '--order', 'x'], /--order: expected the UUID of an order/],
    [['callback', 'show'], /expected the UUID of a callback, got nothing/],
    [['callback', 'redeliver', '--force'], /unknown option --force/],
  ])('refuses %j as wrong usage with status 2, and opens nothing', async (words, saying) => {
    for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
    const { status, out, err } = await webpos(...words);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(saying);
    expect(await readdir(folder)).toEqual([]);
  });
});
