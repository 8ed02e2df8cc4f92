/** What the commands say about the mode: a gateway that nobody set to live is a sandbox. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { testKey } from '../../../test/support/test-gateway.ts';

/** BIP 84, test vectors: the first account. */
const MAIN_KEY =
  'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';
const LIVE = {
  WEBPOS_MODE: 'live',
  WEBPOS_PUBLIC_URL: 'https://pay.example',
  WEBPOS_BITCOIND_URL: 'http://127.0.0.1:9',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-mode-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function create(key: string, settings: Readonly<Record<string, string>> = {}): ReturnType<typeof runWebpos> {
  return runWebpos(folder, ['account', 'create', '--name', 'Shop', '--xpub', key, '--no-scan'], settings);
}

describe('webpos account create', () => {
  it.each([
    [
      'a main network key in a sandbox',
      MAIN_KEY,
      {},
      'xpub: expected a key of the network regtest (tpub), got one of bitcoin (zpub). This is sandbox mode on regtest: set WEBPOS_MODE=live to take real payments with this key',
    ],
    [
      'a test key in live mode',
      testKey(1),
      LIVE,
      'xpub: expected a key of the network bitcoin (xpub), got one of the test networks (tpub). This is live mode on bitcoin: set WEBPOS_NETWORK to the test network of this key, or unset WEBPOS_MODE for the sandbox',
    ],
    [
      'a main network key on a test network',
      MAIN_KEY,
      { ...LIVE, WEBPOS_NETWORK: 'signet' },
      'xpub: expected a key of the network signet (tpub), got one of bitcoin (zpub). This is live mode on signet: unset WEBPOS_NETWORK to take real payments with this key',
    ],
  ])('refuses %s, naming the mode and what to set, and creates nothing', async (_, key, settings, message) => {
    expect(await create(key, settings)).toEqual({ status: 1, out: '', err: `webpos: ${message}` });
    expect(await readdir(folder)).toEqual([]);
  });

  it('names the mode in its output', async () => {
    expect((await create(testKey(1))).out).toMatch(/^Account [\da-f-]{36} \(Shop, sandbox mode on regtest\)$/m);
  });

  it('refuses to mix the accounts of two networks in a database', async () => {
    await create(testKey(1));
    expect((await create(MAIN_KEY, LIVE)).err).toMatch(
      /^webpos: WEBPOS_MODE, WEBPOS_NETWORK: expected regtest, the network of account [\da-f-]{36} \(Shop\) in this database, got bitcoin\. Set WEBPOS_DATABASE_URL and WEBPOS_KEY_FILE to files for bitcoin alone/,
    );
  });
});

describe('webpos pos create', () => {
  it('names the mode in its output', async () => {
    const { out } = await runWebpos(folder, ['account', 'create', '--name', 'Shop', '--xpub', testKey(1), '--json']);
    const { uuid } = JSON.parse(out) as { uuid: string };
    const words = ['pos', 'create', '--name', 'Till', '--account', uuid, '--currency', 'EUR'];
    expect((await runWebpos(folder, words)).out).toMatch(/^POS [\da-f-]{36} \(Till, EUR, sandbox mode on regtest\)$/m);
  });
});

describe('webpos doctor', () => {
  it('names the mode first, and blames the network, not the key file, for accounts of another', async () => {
    await create(testKey(1));
    expect((await runWebpos(folder, ['doctor'])).out).toContain(
      'mode: sandbox mode on regtest: its bitcoin is worth nothing; WEBPOS_MODE=live takes real payments',
    );
    const { out } = await runWebpos(folder, ['doctor'], LIVE);
    expect(out).toContain('ok       mode: live mode on bitcoin: payments are real');
    expect(out).toMatch(/^PROBLEM {2}network: WEBPOS_MODE, WEBPOS_NETWORK: expected regtest, the network of account/m);
    expect(out).not.toMatch(/^PROBLEM {2}key file/m);
  }, 240_000);
});
