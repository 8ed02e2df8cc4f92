/** A gateway through a failover of PostgreSQL, without a restart, while its shops create orders. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findPostgresPrograms, startPostgresCluster, type PostgresCluster } from '../../../test/support/postgres-cluster.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from './support/test-gateway.ts';

const programs = findPostgresPrograms('failover.test.ts');

interface Creating {
  /** All answers so far, with the key of their request. */
  readonly answers: { readonly key: string; readonly answer: Answer }[];
  stop(): Promise<void>;
}

/** Creates orders, four at a time, each with a key of its own that is repeated until the order is there. */
function keepCreating(gateway: TestGateway, { token }: Shop): Creating {
  const answers: Creating['answers'] = [];
  const stopping = new AbortController();
  const creator = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const key = randomUUID();
      for (;;) {
        const headers = { 'idempotency-key': key };
        const answer = await gateway.call('POST', '/payment-order', { token, headers, body: { amount: '10.00' } });
        answers.push({ key, answer });
        if (answer.status === 201) break;
        await sleep(20);
      }
    }
  };
  const creators = [creator(), creator(), creator(), creator()];
  return {
    answers,
    stop: async () => {
      stopping.abort();
      await Promise.all(creators);
    },
  };
}

const created = ({ answers }: Creating): number => answers.filter(({ answer }) => answer.status === 201).length;
const addressOf = ({ body }: Answer): string => (body as { address: string }).address;

async function open(): Promise<{ cluster: PostgresCluster; gateway: TestGateway; creating: Creating }> {
  const cluster = await startPostgresCluster(programs ?? '');
  onTestFinished(async () => cluster[Symbol.asyncDispose]());
  const gateway = await openTestGateway({ WEBPOS_DATABASE_URL: cluster.url, WEBPOS_RATE_LIMIT_CLIENT: '0' });
  onTestFinished(async () => gateway[Symbol.asyncDispose]());
  const creating = keepCreating(gateway, await gateway.newPos());
  await vi.waitFor(() => expect(created(creating)).toBeGreaterThan(20));
  return { cluster, gateway, creating };
}

/** Waits for orders that are created after now. */
async function createsAgain(creating: Creating): Promise<void> {
  const before = created(creating);
  await vi.waitFor(() => expect(created(creating)).toBeGreaterThan(before + 20));
  await creating.stop();
}

/** Returns the answers that are neither an order nor 4006, and the addresses that belong to two orders. */
function faultsOf({ answers }: Creating): string[] {
  const seen = new Set<string>();
  return answers.flatMap(({ answer }) => {
    const { status, body, text } = answer;
    if (status === 503 && (body as { error_code: string }).error_code === '4006') return [];
    if (status !== 201) return [`${status} ${text}`];
    const address = addressOf(answer);
    if (seen.has(address)) return [`${address} belongs to two orders`];
    seen.add(address);
    return [];
  });
}

// skip: PostgreSQL's programs are missing; the finder says why, and fails where CI is set
describe.skipIf(programs === undefined)('a gateway whose database fails over', () => {
  it('refuses orders with 4006 while no host accepts writes, and goes on with the promoted replica', async () => {
    const { cluster, creating } = await open();
    await cluster.primary.kill();
    await vi.waitFor(() => expect(creating.answers.at(-1)?.answer.status).toBe(503));
    await cluster.replica.promote();
    await createsAgain(creating);
    expect(faultsOf(creating)).toEqual([]);
  });

  it('hands no address out twice when the replica had not received the last orders', async () => {
    const { cluster, creating } = await open();
    await cluster.replica.detach();
    const before = created(creating);
    await vi.waitFor(() => expect(created(creating)).toBeGreaterThan(before + 20));
    await cluster.primary.kill();
    await cluster.replica.promote();
    await createsAgain(creating);
    expect(faultsOf(creating)).toEqual([]);
    const [stored] = await cluster.replica.query<{ orders: string }>('select count(*) as orders from orders');
    expect(Number(stored?.orders)).toBeLessThan(created(creating) - 20);
  });

  it('goes on after a restart of the only server', async () => {
    const { cluster, creating } = await open();
    await cluster.primary.restart();
    await createsAgain(creating);
    expect(faultsOf(creating)).toEqual([]);
  });

  it('refuses an order whose commit did not reach its synchronous replica, also when it is asked again', async () => {
    const { cluster, gateway, creating } = await open();
    await creating.stop();
    const shop = await gateway.newPos();
    const { primary, replica } = cluster;
    await replica.kill();
    await primary.configure({ synchronous_standby_names: '*' });
    const cancelling = setInterval(() => {
      const waiting = `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`;
      void primary.query(waiting).catch(() => []);
    }, 50);
    onTestFinished(() => clearInterval(cancelling));
    const create = (key: string): Promise<Answer> =>
      gateway.call('POST', '/payment-order', {
        token: shop.token,
        headers: { 'idempotency-key': key },
        body: { amount: '10.00' },
      });
    // The server loads the setting a moment later.
    let key = '';
    await vi.waitFor(async () => expect((await create((key = randomUUID()))).status).toBe(503));
    for (let n = 0; n < 3; n += 1) expect((await create(key)).status).toBe(503);
    clearInterval(cancelling);
    await replica.start();
    await replica.attach(primary);
    await vi.waitFor(async () => expect((await create(key)).status).toBe(201));
  });
});
