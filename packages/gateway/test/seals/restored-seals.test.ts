/** A backup with sealed rows, restored on another machine: with its key file everything fits, and with another nothing starts. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayFiles } from '../../../../test/support/gateway-files.ts';
import { parseId, type OrderId, type RefundId } from '../../src/kernel/ids.ts';
import { sats } from '../../src/kernel/sats.ts';
import { OPERATOR } from '../../src/people/viewer.ts';
import { newKeyText } from '../../src/security/key-file.ts';
import { approveRefund } from '../../src/services/refunds/approve-refund.ts';
import { readRefund } from '../../src/services/refunds/read-refund.ts';
import { requestRefund } from '../../src/services/refunds/request-refund.ts';
import { runWebpos } from '../support/run-webpos.ts';
import { openTestGateway, type Shop } from '../support/test-gateway.ts';
import { payInFull } from './pay-in-full.ts';

const COMMAND = { kind: 'command' } as const;
const BUYERS = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';

describe('a restored backup', () => {
  let folder: string;
  let here: string;
  let shop: Shop;
  let order: { uuid: string; address: string };
  const refund = parseId<RefundId>(randomUUID());
  const settingsOf = (machine: string): Record<string, string> => ({
    ...gatewayFiles(machine),
    WEBPOS_MARKS_FILE: join(machine, 'webpos.marks'),
    WEBPOS_ADDRESS_POOL_SIZE: '20',
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webpos-restored-'));
    const there = join(folder, 'there');
    here = join(folder, 'here');
    for (const machine of [there, here]) await mkdir(machine);
    await using gateway = await openTestGateway(settingsOf(there));
    shop = await gateway.newPos();
    order = (await gateway.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } })).body as typeof order;
    await payInFull(gateway, order.uuid);
    const { context } = gateway.gateway;
    const asked = { id: refund, orderId: order.uuid as OrderId, destination: BUYERS, reason: '' };
    await requestRefund(context, COMMAND, asked);
    await approveRefund(context, COMMAND, refund, { kind: 'satoshi', amount: sats(600n) });
    const backup = join(folder, 'backup');
    for (const [machine, command] of [
      [there, 'backup'],
      [here, 'restore'],
    ] as const) {
      const { status, err } = await runWebpos(machine, [command, backup], settingsOf(machine));
      if (status !== 0) throw new Error(`webpos ${command}: ${err}`);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is authentic with its key file: it sells, shows its orders, and offers its refunds to be paid', async () => {
    await using gateway = await openTestGateway(settingsOf(here));
    await gateway.gateway.caughtUp(AbortSignal.timeout(60_000));
    const { token } = shop;
    expect((await gateway.call('GET', `/payment-order/${order.uuid}`, { token })).body).toMatchObject({ address: order.address });
    const { context } = gateway.gateway;
    expect(await readRefund(context, OPERATOR, refund)).toMatchObject({
      isPayable: true,
      refund: { destination: { kind: 'address', address: BUYERS } },
    });
    expect((await gateway.call('POST', '/payment-order', { token, body: { amount: '10.00' } })).status).toBe(201);
    expect(context.guard.count).toBe(0);
  });

  test('does not start with the key file of another machine, and the doctor says why', async () => {
    const { WEBPOS_KEY_FILE: keyFile = '' } = settingsOf(here);
    const right = await readFile(keyFile, 'utf8');
    await writeFile(keyFile, newKeyText());
    const why = 'expected the key file of this database, got another';
    await expect(openTestGateway(settingsOf(here))).rejects.toThrow(why);
    expect((await runWebpos(here, ['doctor'], settingsOf(here))).out).toContain(why);
    // Nothing was sealed with the wrong key.
    await writeFile(keyFile, right);
    await using gateway = await openTestGateway(settingsOf(here));
    expect(gateway.gateway.context.guard.count).toBe(0);
  });
});
