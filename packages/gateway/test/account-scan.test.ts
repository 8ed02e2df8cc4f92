/** `webpos account create` with a real node: the account of a used wallet starts after its last payment. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBitcoind } from '../../../test/support/find-bitcoind.ts';
import { startRegtestNode, type RegtestNode } from '../../../test/support/regtest-node.ts';
import { parseAccount } from '../src/wallet/descriptor/parse-account.ts';
import { runWebpos, type Run } from './support/run-webpos.ts';
import { testKey } from './support/test-gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const bitcoind = await findBitcoind('account-scan.test.ts');
const USED = testKey(31);
const create = (xpub: string, ...more: string[]): string[] => [
  'account',
  'create',
  '--name',
  'W',
  '--xpub',
  xpub,
  ...more,
  '--json',
];

// skip: no Bitcoin node is available; findBitcoind says why, and fails in CI
describe.skipIf(bitcoind === undefined)('webpos account create', () => {
  let node: RegtestNode;
  let folder: string;
  let settings: Record<string, string>;
  beforeAll(async () => {
    node = await startRegtestNode({ bitcoind: bitcoind ?? '', wallet: true });
    settings = { WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: node.url, WEBPOS_BITCOIND_COOKIE_FILE: node.cookieFile };
    const wallet = parseAccount({ xpub: USED }, 'regtest');
    for (const index of [0, 5, 1500, 2400]) await node.send(wallet.receive(index).address, 50_000n);
    await node.mine(1);
  });
  afterAll(() => node?.stop());
  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  const webpos = (words: readonly string[], more: Record<string, string> = {}): Promise<Run> =>
    runWebpos(folder, words, { ...settings, ...more });

  it('starts after the last address that holds bitcoin, across gaps of less than a thousand', async () => {
    const { status, out, err } = await webpos(create(USED));
    expect(status, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ next_index: 2401 });
    expect(err).toContain('Asking the node which addresses of the wallet hold bitcoin');
    const [account] = JSON.parse((await webpos(['account', 'list', '--json'])).out) as { skipped: unknown[] }[];
    expect(account?.skipped).toMatchObject([{ first: 0, last: 2400, reason: 'scan' }]);
  });

  it('starts an unused wallet at 0, and any wallet at --first-index if that is higher', async () => {
    expect(JSON.parse((await webpos(create(testKey(32)))).out)).toMatchObject({ next_index: 0 });
    expect(JSON.parse((await webpos(create(USED, '--first-index', '3000'))).out)).toMatchObject({ next_index: 3000 });
  });

  it('does not ask the node with --no-scan', async () => {
    const { out, err } = await webpos(create(USED, '--no-scan', '--first-index', '7'), {
      WEBPOS_BITCOIND_URL: 'http://127.0.0.1:9',
    });
    expect([JSON.parse(out), err]).toMatchObject([{ next_index: 7 }, '']);
  });

  it('watches only the last addresses before a distant --first-index', async () => {
    expect(JSON.parse((await webpos(create(USED, '--no-scan', '--first-index', '10000000'))).out)).toMatchObject({
      next_index: 10_000_000,
    });
    const [account] = JSON.parse((await webpos(['account', 'list', '--json'])).out) as { skipped: unknown[] }[];
    expect(account?.skipped).toMatchObject([{ first: 9_980_000, last: 9_999_999, reason: 'operator' }]);
  });

  it('creates no account if the node does not answer, and names both ways out', async () => {
    const { status, err } = await webpos(create(USED), { WEBPOS_BITCOIND_URL: 'http://127.0.0.1:9' });
    expect(status).toBe(1);
    expect(err).toMatch(/No account was created\. Start the node and try again, or use --no-scan, and --first-index N/);
    expect(JSON.parse((await webpos(['account', 'list', '--json'])).out)).toEqual([]);
  });

  it.each([['-1'], ['1.5'], ['x'], ['10000001'], ['2147483647']])('refuses --first-index %s', async (index) => {
    const { status, err } = await webpos(create(USED, `--first-index=${index}`));
    expect([status, err]).toEqual([2, expect.stringContaining('--first-index: expected a whole number from 0 to 10000000')]);
  });
});
