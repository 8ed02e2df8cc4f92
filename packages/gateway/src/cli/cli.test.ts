import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HDKey } from '@scure/bip32';
import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeNode } from '../../test/support/fake-node.ts';
import { runWebpos, type Run } from '../../test/support/run-webpos.ts';
import { is, problems } from '../../test/support/shapes.ts';
import type { Part } from '../app/lifecycle.ts';
import { openBase } from '../app/open-base.ts';
import { startGateway } from '../app/start-gateway.ts';
import { loadVectors } from '../../test/vectors/load.ts';
import { withChecksum } from '../wallet/descriptor/checksum.ts';
import { unseal } from '../security/seal.ts';
import type { PosId } from '../kernel/ids.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const webpos = (words: readonly string[], settings?: Readonly<Record<string, string>>): Promise<Run> =>
  runWebpos(folder, words, settings);

const SEED = new Uint8Array(32).fill(9);
const TESTNET = { private: 0x04358394, public: 0x043587cf };
const ACCOUNT_KEY = HDKey.fromMasterSeed(SEED, TESTNET).derive("m/84'/1'/0'");
const TPUB = ACCOUNT_KEY.publicExtendedKey;
const VPUB = HDKey.fromMasterSeed(SEED, { private: 0, public: 0x045f1cf6 }).derive("m/84'/1'/0'").publicExtendedKey;
const DESCRIPTOR = withChecksum(`wpkh(${TPUB}/0/*)`);
const ZPUB = 'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';
const LIVE = {
  WEBPOS_MODE: 'live',
  WEBPOS_BITCOIND_URL: 'http://127.0.0.1:9',
  WEBPOS_PUBLIC_URL: 'https://pay.example.com',
  WEBPOS_RATES: 'fixed:EUR=60000',
};

async function newAccount(): Promise<string> {
  const { out } = await webpos(['account', 'create', '--name', 'Wallet', '--xpub', TPUB, '--json']);
  return (JSON.parse(out) as { uuid: string }).uuid;
}

describe('webpos account create', () => {
  it.each([
    ['a descriptor', ['--descriptor', DESCRIPTOR]],
    ['a descriptor without a checksum', ['--descriptor', `wpkh(${TPUB}/0/*)`]],
    ['a descriptor of both branches', ['--descriptor', `wpkh(${TPUB}/<0;1>/*)`]],
    ['a tpub', ['--xpub', TPUB]],
    ['a vpub', ['--xpub', VPUB]],
    ['a tpub after an equals sign', [`--xpub=${TPUB}`]],
  ])('registers a wallet from %s, and shows its first addresses', async (_what, wallet) => {
    const { status, out, err } = await webpos(['account', 'create', '--name', 'Main till', ...wallet, '--json']);
    expect([status, err]).toEqual([0, '']);
    const account: unknown = JSON.parse(out);
    expect(account).toEqual({
      uuid: expect.any(String) as unknown,
      name: 'Main till',
      network: 'regtest',
      next_index: 0,
      script_type: 'p2wpkh',
      descriptor: DESCRIPTOR,
      addresses: expect.any(Array) as unknown,
      notes: expect.any(Array) as unknown,
    });
    const { addresses, uuid } = account as { addresses: string[]; uuid: string };
    expect(uuid).toSatisfy(is.uuid);
    expect(addresses).toHaveLength(3);
    for (const address of addresses) expect(address).toMatch(/^bcrt1q[0-9a-z]{38}$/);
  });

  it('shows the published addresses of BIP 84 for the published key', async () => {
    const [first, second] = loadVectors<{ address?: string; derivation?: string }>('bip84').filter(({ derivation }) =>
      /^0\/[01]$/.test(derivation ?? ''),
    );
    const { out } = await webpos(['account', 'create', '--name', 'W', '--xpub', ZPUB, '--no-scan', '--json'], LIVE);
    expect(JSON.parse(out)).toMatchObject({
      network: 'bitcoin',
      addresses: [first!.address, second!.address, expect.any(String)],
    });
  });

  it.each<[string, string, RegExp, string[]]>([
    [`pkh(${TPUB}/0/*)`, 'p2pkh', /^[mn]/, []],
    [`sh(wpkh(${TPUB}/0/*))`, 'p2sh-p2wpkh', /^2/, []],
    [`wpkh(${TPUB}/0/*)`, 'p2wpkh', /^bcrt1q/, ['PHP']],
    [`tr(${TPUB}/0/*)`, 'p2tr', /^bcrt1p/, ['Java', 'PHP', 'Python']],
    [`wsh(sortedmulti(2,${TPUB}/0/*,${TPUB}/1/*))`, 'p2wsh', /^bcrt1q.{58}$/, ['Java', 'PHP', 'Python']],
  ])(
    'accepts %s and names the older client libraries that refuse its addresses',
    async (descriptor, scriptType, address, refusing) => {
      const words = ['account', 'create', '--name', 'W', '--descriptor', descriptor];
      const { status, out } = await webpos([...words, '--json']);
      expect(status).toBe(0);
      const account = JSON.parse(out) as { script_type: string; addresses: string[]; notes: string[] };
      expect(account.script_type).toBe(scriptType);
      for (const one of account.addresses) expect(one).toMatch(address);
      const output =
        refusing.length === 0
          ? []
          : [expect.stringMatching(new RegExp(`refused by the older client librar(?:y|ies) for ${refusing.join(', ')}\\.`))];
      expect(account.notes).toEqual(output);
    },
  );

  it('refuses unusual paths without --accept-unusual-path', async () => {
    const words = ['account', 'create', '--name', 'W', '--descriptor', `wpkh([d34db33f/86h/0h/0h]${TPUB}/1/*)`];
    const refused = await webpos(words);
    expect(refused.status).not.toBe(0);
    for (const part of ['begins with 86h', 'coin type 0h', 'branch is /1/*', '--accept-unusual-path'])
      expect(refused.err).toContain(part);
    expect((await webpos([...words, '--accept-unusual-path'])).status).toBe(0);
  });

  it('states the assumed address type of a bare tpub, and not of a vpub, which states it itself', async () => {
    const notes = async (xpub: string): Promise<string> => {
      await rm(join(folder, 'webpos.db'), { force: true });
      return (await webpos(['account', 'create', '--name', 'W', '--xpub', xpub])).out;
    };
    expect(await notes(TPUB)).toContain('\nNote: a bare xpub or tpub does not say its kind of address; this one is read as');
    expect(await notes(VPUB)).not.toContain('a bare xpub');
  });

  it('asks to compare the first addresses with those in the wallet', async () => {
    const { out } = await webpos(['account', 'create', '--name', 'Main till', '--xpub', TPUB]);
    expect(out).toContain('Compare its first addresses');
    expect(out).toMatch(/\n {2}0 {2}bcrt1q\w+\n {2}1 {2}bcrt1q\w+\n {2}2 {2}bcrt1q\w+$/);
  });

  it.each([
    ['a wrong checksum', ['--descriptor', DESCRIPTOR.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))], /checksum/],
    ['a mistyped key', ['--xpub', TPUB.replace('A', 'B')], /checksum/],
    ['a key of another network', ['--xpub', ZPUB], /network regtest/],
    ['no key', ['--xpub', 'hello'], /xpub: expected/],
    ['a bare key as a descriptor', ['--descriptor', TPUB], /give it as xpub/],
    ['a fixed address', ['--descriptor', `wpkh(${TPUB}/0/1)`], /descriptor: expected/],
    ['a multisig wallet', ['--descriptor', `wsh(multi(1,${TPUB}/0/*,${TPUB}/1/*))`], /descriptor: expected|not/],
  ])('refuses %s with status 1, and stores nothing', async (_what, wallet, saying) => {
    const { status, out, err } = await webpos(['account', 'create', '--name', 'Main till', ...wallet]);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(saying);
    expect(err).not.toContain(wallet[1]!.slice(0, 30));
    expect(await newAccount()).toSatisfy(is.uuid);
  });

  it('refuses a wallet that is already registered, in any form', async () => {
    const uuid = await newAccount();
    for (const wallet of [
      ['--xpub', TPUB],
      ['--xpub', VPUB],
      ['--descriptor', `wpkh(${TPUB}/<0;1>/*)`],
    ]) {
      const { status, err } = await webpos(['account', 'create', '--name', 'Again', ...wallet]);
      expect(status).toBe(1);
      expect(err).toContain(uuid);
    }
  });

  it.each([
    ['no name', ['--xpub', TPUB], /--name: expected a value/],
    ['an empty name', ['--name', ' ', '--xpub', TPUB], /--name: expected a value/],
    ['no wallet', ['--name', 'W'], /one of --descriptor and --xpub, got neither/],
    ['two wallets', ['--name', 'W', '--xpub', TPUB, '--descriptor', DESCRIPTOR], /got both/],
    ['an unknown option', ['--name', 'W', '--zpub', TPUB], /unknown option --zpub \(did you mean --xpub\?\)/],
    ['a stray argument', ['--name', 'W', TPUB], /got an argument/],
    ['an option without its value', ['--name', '--xpub', TPUB], /--name: expected a value/],
    ['an option without its value at the end', ['--name', 'W', '--xpub'], /--xpub: expected a value/],
    ['a value for --json', ['--name', 'W', '--xpub', TPUB, '--json=yes'], /--json: expected no value, got one/],
  ])('refuses %s as wrong usage with status 2, and opens nothing', async (_what, words, saying) => {
    const { status, out, err } = await webpos(['account', 'create', ...words]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(saying);
    expect(err).not.toContain(TPUB.slice(0, 20));
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a private key', () => {
  const base58 = createBase58check(sha256);
  const secret = ACCOUNT_KEY.privateKey!;
  const tprv = ACCOUNT_KEY.privateExtendedKey;
  const wif = base58.encode(Uint8Array.of(0xef, ...secret, 1));
  const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
  const hexKey = Buffer.from(secret).toString('hex');

  it.each([
    ['as an xpub', ['account', 'create', '--name', 'W', '--xpub', tprv], tprv],
    ['as an xpub with a mistake in it', ['account', 'create', '--name', 'W', '--xpub', `${tprv.slice(0, -1)}x`], tprv],
    ['in a descriptor', ['account', 'create', '--name', 'W', '--descriptor', `wpkh(${tprv}/0/*)`], tprv],
    [
      'in a descriptor with a checksum',
      ['account', 'create', '--name', 'W', '--descriptor', withChecksum(`wpkh(${tprv}/0/*)`)],
      tprv,
    ],
    ['in WIF', ['account', 'create', '--name', 'W', '--descriptor', `wpkh(${wif})`], wif],
    ['in hex', ['account', 'create', '--name', 'W', '--descriptor', `wpkh(${hexKey})`], hexKey],
    ['as a seed phrase', ['account', 'create', '--name', 'W', '--xpub', phrase], phrase],
    ['as an option of its own', ['account', 'create', '--name', 'W', `--${tprv}`], tprv],
    ['as an option with a value', ['account', 'create', `--${tprv}=1`], tprv],
    ['as an argument', ['account', 'create', tprv], tprv],
    ['as a command', [tprv], tprv],
    ['as half a command', ['account', tprv], tprv],
    [
      'as a currency',
      ['pos', 'create', '--name', 'P', '--account', '00000000-0000-4000-8000-000000000000', '--currency', tprv],
      tprv,
    ],
    ['as an account', ['pos', 'create', '--name', 'P', '--account', tprv, '--currency', 'EUR'], tprv],
  ])('is refused %s, and no part of it is printed or stored', async (_where, words, key) => {
    // The database stays open, so that everything written to it is still in its WAL.
    const { store } = await base();
    const { status, out, err } = await webpos(words);
    expect(status).toBeGreaterThan(0);
    const files = await rawFiles();
    await store.close();
    expect([...files.keys()]).toEqual(expect.arrayContaining(['webpos.db', 'webpos.db-wal']));
    const texts = [...files.values()].map((bytes) => bytes.toString('latin1'));
    const pieces = [...Array(Math.floor(key.length / 12)).keys()].map((n) => key.slice(n * 12, n * 12 + 12));
    for (const piece of pieces) {
      // Every private key begins like this, and a message may say so.
      if (/^[a-z]prv/.test(piece)) continue;
      expect(out + err).not.toContain(piece);
      for (const text of texts) expect(text).not.toContain(piece);
    }
    for (const text of texts) expect(text).not.toContain(Buffer.from(secret).toString('latin1'));
  });
});

describe('webpos pos create', () => {
  it('creates a POS, shows its secret once, and stores it sealed', async () => {
    const account = await newAccount();
    const { store, keys } = await base();
    const words = ['pos', 'create', '--name', 'Till 1', '--account', account, '--currency', 'EUR', '--json'];
    const { status, out, err } = await webpos(words);
    expect([status, err]).toEqual([0, '']);
    const made: unknown = JSON.parse(out);
    expect(problems(made, { uuid: is.uuid, client_id: is.filled, secret: is.hash, webhook_secret: is.filled })).toEqual([]);
    const { uuid, secret } = made as { uuid: string; secret: string };

    const pos = await store.pos.get(uuid as PosId);
    expect(pos).toMatchObject({
      name: 'Till 1',
      type: 'web',
      currency: 'EUR',
      active: true,
      defaults: { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations: 1 },
    });
    expect(unseal(pos!.sealedSecret, uuid, (await keys()).seal)).toBe(secret);
    const files = await rawFiles();
    await store.close();
    expect(files.get('webpos.db-wal')!.includes(uuid)).toBe(true);
    for (const bytes of files.values()) {
      expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(Buffer.from(secret, 'hex'))).toBe(false);
    }
  });

  it('accepts every setting', async () => {
    const account = await newAccount();
    const urls = [
      '--callback-url',
      'http://localhost:3000/cb',
      '--continue-url',
      'https://a.example/?',
      '--cancel-url',
      'https://a.example/no',
    ];
    const more = ['--required-confirmations', '0', '--type', 'mobile'];
    const { out } = await webpos([
      'pos',
      'create',
      '--name',
      'T',
      '--account',
      account,
      '--currency',
      'JPY',
      ...urls,
      ...more,
      '--json',
    ]);
    const { store } = await base();
    expect(await store.pos.get((JSON.parse(out) as { uuid: PosId }).uuid)).toMatchObject({
      type: 'mobile',
      currency: 'JPY',
      defaults: {
        callbackUrl: 'http://localhost:3000/cb',
        continueUrl: 'https://a.example/?',
        cancelUrl: 'https://a.example/no',
        requiredConfirmations: 0,
      },
    });
    await store.close();
  });

  it('says that the secret is not shown again', async () => {
    const { out } = await webpos(['pos', 'create', '--name', 'T', '--account', await newAccount(), '--currency', 'EUR']);
    expect(out).toMatch(
      /client_id {2}[0-9a-f]{32}\n {2}secret {5}[0-9a-f]{64}\n.*: whsec_[A-Za-z0-9+/]{43}=\nStore the secrets now/,
    );
  });

  it('refuses an unknown account with status 1', async () => {
    await newAccount();
    const missing = '00000000-0000-4000-8000-000000000000';
    const { status, err } = await webpos(['pos', 'create', '--name', 'T', '--account', missing, '--currency', 'EUR']);
    expect([status, err]).toEqual([1, `webpos: no account with id ${missing}`]);
  });

  it.each([
    ['account', 'Wallet', /--account: expected the UUID/],
    ['account', '00000000-0000-1000-8000-000000000000', /--account: expected the UUID/],
    ['currency', 'euro', /--currency: expected a code of ISO 4217/],
    ['currency', 'eur', /--currency/],
    ['currency', 'BTC', /--currency/],
    ['currency', '', /--currency: expected a value/],
    ['type', 'kiosk', /--type: expected web or mobile, got "kiosk"/],
    ['rates', 'mtgox', /--rates: expected default or one of bitfinex, .*, got "mtgox"/],
    ['spread', '10.01', /--spread: expected a percentage from 0 to 10 such as 0.5, got "10.01"/],
    ['spread', '-1', /--spread/],
    ['spread', '0.005', /--spread/],
    ['support', 'javascript:alert(1)', /--support: expected an e-mail address/],
    ['accent', 'red', /--accent: expected a colour such as #0c5a46, got "red"/],
    ['logo', 'no-such.png', /--logo: expected the path of a file that can be read, got one that cannot \(ENOENT\)/],
    ['origin', 'shop.example', /--origin: expected an origin such as https:\/\/shop.example/],
    ['required-confirmations', '-1', /--required-confirmations/],
    ['required-confirmations', '1.5', /whole number from 0 to 1000, got "1.5"/],
    ['required-confirmations', '1001', /0 to 1000/],
    ['required-confirmations', 'many', /0 to 1000/],
    ['callback-url', 'shop', /--callback-url: must be an http or https URL/],
    [
      'callback-url',
      'http://shop.example/a b',
      /--callback-url: must be an http or https URL without spaces or control characters/,
    ],
    ['continue-url', 'javascript:alert(1)', /--continue-url: must be an http or https URL/],
    ['cancel-url', 'https://user:hush@shop.example/', /--cancel-url: must not contain a user name or password/],
    ['callback-url', `https://shop.example/${'a'.repeat(280)}`, /at most 300 characters, got 301/],
  ])('refuses --%s %j as wrong usage with status 2', async (option, value, saying) => {
    const good = { name: 'T', account: '00000000-0000-4000-8000-000000000000', currency: 'EUR', [option]: value };
    const { status, out, err } = await webpos([
      'pos',
      'create',
      ...Object.entries(good).map(([name, text]) => `--${name}=${text}`),
    ]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(saying);
    expect(err).not.toContain('hush');
  });

  it('refuses more confirmations than fit into the settlement timeout', async () => {
    const words = ['pos', 'create', '--name', 'T', '--account', '00000000-0000-4000-8000-000000000000', '--currency', 'EUR'];
    const { status, err } = await webpos([...words, '--required-confirmations', '289'], LIVE);
    expect([status, err]).toEqual([2, expect.stringContaining('--required-confirmations: expected at most 288')]);
  });

  it('refuses an http URL in live mode', async () => {
    const words = ['pos', 'create', '--name', 'T', '--account', '00000000-0000-4000-8000-000000000000', '--currency', 'EUR'];
    const { status, err } = await webpos([...words, '--callback-url', 'http://shop.example/'], LIVE);
    expect([status, err]).toEqual([2, 'webpos: --callback-url: must be an https URL']);
  });
});

describe('webpos', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']], [['nonsense', '--help']]])(
    'prints the overview for %j, with status 0',
    async (words) => {
      const { status, out, err } = await webpos(words);
      expect([status, err]).toEqual([0, '']);
      for (const command of ['serve', 'account create', 'pos create']) expect(out).toContain(`\n  ${command} `);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it.each([
    'serve',
    'account create',
    'account list',
    'account export',
    'pos create',
    'pos list',
    'pos rotate-secret',
    'pos disable',
    'pos enable',
    'order list',
    'order show',
    'payment unassigned',
    'payment acknowledge',
    'callback list',
    'callback show',
    'callback redeliver',
    'rates',
  ])('prints the help of %s alone for --help and -h, and lists it in the overview', async (name) => {
    for (const help of ['--help', '-h']) {
      const { status, out, err } = await webpos([...name.split(' '), help]);
      expect([status, err]).toEqual([0, '']);
      expect(out.match(/^Usage: .*$/gm)).toEqual([expect.stringMatching(new RegExp(`^Usage: webpos ${name} `))]);
    }
    expect((await webpos(['help'])).out).toContain(`\n  ${name} `);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    [['nonsense']],
    [['account']],
    [['account', 'erase']],
    [['toString']],
    [['constructor']],
    [['__proto__']],
    [['--json']],
    [['']],
  ])('refuses the unknown command %j with status 2, and prints the overview', async (words) => {
    const { status, out, err } = await webpos(words);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/unknown command/);
    expect(err).toContain('\n  pos create ');
  });

  it('names every wrong setting, for any command, with status 1', async () => {
    for (const words of [['serve'], ['account', 'create', '--name', 'W', '--xpub', TPUB]]) {
      const { status, err } = await webpos(words, { WEBPOS_PORT: 'x', WEBPOS_MODE: 'x', WEBPOS_RATES: 'x' });
      expect(status).toBe(1);
      for (const name of ['WEBPOS_PORT', 'WEBPOS_MODE', 'WEBPOS_RATES']) expect(err).toContain(`${name}: expected`);
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('refuses a key file that others can read, says what to do, and exits with status 1', async () => {
    const path = join(folder, 'webpos.key');
    await writeFile(path, `${randomBytes(32).toString('hex')}\n`);
    await chmod(path, 0o644);
    const { status, err } = await webpos(['serve']);
    expect(status).toBe(1);
    expect(err).toContain('expected mode 0600, got 0644');
    expect(err).toContain(`chmod 600 ${path}`);
  });

  it('creates a key file that only its owner can read', async () => {
    await webpos(['serve']);
    expect((await stat(join(folder, 'webpos.key'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a key file with other content, with status 1', async () => {
    await writeFile(join(folder, 'webpos.key'), 'hush', { mode: 0o600 });
    const { status, err } = await webpos(['serve']);
    expect(status).toBe(1);
    expect(err).toMatch(/KEY_FILE .*expected 64 hex digits/);
    expect(err).not.toContain('hush');
  });

  it('names the setting of a database that cannot be opened, with status 1', async () => {
    const { status, err } = await webpos(['serve'], { WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'none', 'webpos.db')}` });
    expect(status).toBe(1);
    expect(err).toContain('DATABASE_URL');
  });
});

describe('webpos serve', () => {
  it('names a TLS file that cannot be read or parsed, with status 1', async () => {
    const missing = join(folder, 'missing.pem');
    const nonsense = join(folder, 'nonsense.pem');
    await writeFile(nonsense, 'hush');
    const first = await webpos(['serve'], { WEBPOS_TLS_CERT_FILE: missing, WEBPOS_TLS_KEY_FILE: nonsense });
    expect([first.status, first.err]).toEqual([1, expect.stringContaining(`WEBPOS_TLS_CERT_FILE: ${missing} cannot be read`)]);
    const second = await webpos(['serve'], { WEBPOS_TLS_CERT_FILE: nonsense, WEBPOS_TLS_KEY_FILE: nonsense });
    expect([second.status, second.err]).toEqual([1, expect.stringContaining('expected a certificate and its key in PEM')]);
    expect(second.err).not.toContain('hush');
  });

  it('prints its URL, and exits with status 0 when it is asked to stop', async () => {
    const { status, out, err } = await webpos(['serve']);
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^WebPOS \(sandbox\) serves at http:\/\/127\.0\.0\.1:\d+$/);
    const json = JSON.parse((await webpos(['serve', '--json'])).out) as unknown;
    expect(json).toEqual({ url: expect.stringMatching(/^http:/) as unknown, mode: 'sandbox', network: 'regtest' });
  });

  it('names the parts that failed to stop, with status 1', async () => {
    const broken = (name: string, part: Part): Part =>
      name === 'callbacks' ? { ...part, stop: () => Promise.reject(new Error('planted')) } : part;
    const { status, err } = await runWebpos(
      folder,
      ['serve'],
      {},
      { startGateway: (config) => startGateway(config, { part: broken }) },
    );
    expect([status, err]).toEqual([1, 'webpos: these parts failed to stop (the log says why): callbacks']);
  });

  it('reports a port that is in use with status 1, and releases the database', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { status, out, err } = await webpos(['serve'], { WEBPOS_PORT: String(port) });
    expect([status, out]).toEqual([1, '']);
    expect(err).toBe(
      `webpos: WEBPOS_PORT: port ${port} on 127.0.0.1 is in use by another program; stop that one, or choose another port`,
    );
    await new Promise((resolve) => other.close(resolve));
    expect((await webpos(['serve'], { WEBPOS_PORT: String(port) })).status).toBe(0);
  });

  it('reports a host that is no address of this machine, with status 1', async () => {
    const { status, err } = await webpos(['serve'], { WEBPOS_HOST: '192.0.2.1' });
    expect([status, err]).toEqual([1, 'webpos: WEBPOS_HOST: 192.0.2.1 is not an address of this machine']);
  });

  it('serves while the node is down, which the doctor reports without the password', async () => {
    const settings = { WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: 'http://user:hush-password@127.0.0.1:9' };
    expect((await webpos(['serve'], settings)).status).toBe(0);
    const { status, out } = await webpos(['doctor'], settings);
    expect(status).toBe(1);
    expect(out).toMatch(/bitcoind at http:\/\/127\.0\.0\.1:9.*nothing listens there/);
    expect(out).not.toContain('hush');
  });

  it('serves while the node refuses the password, which the doctor reports without it', async () => {
    await using node = await startFakeNode({ password: 'right' });
    const settings = { WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: node.url.replace(':right@', ':hush-password@') };
    expect((await webpos(['serve'], settings)).status).toBe(0);
    const { status, out } = await webpos(['doctor'], settings);
    expect(status).toBe(1);
    expect(out).toMatch(/refused our credentials/);
    expect(out).not.toContain('hush');
  });

  it('reports a password that breaks the URL of the node, with status 1', async () => {
    const { status, err } = await webpos(['serve'], {
      WEBPOS_CHAIN: 'bitcoind',
      WEBPOS_BITCOIND_URL: 'http://user:hu#sh@127.0.0.1:9',
    });
    expect(status).toBe(1);
    expect(err).toMatch(/BITCOIND_URL/);
    expect(err).not.toContain('hu#sh');
  });

  it.each(['main', 'test', 'signet'])('refuses to serve with a node on another chain (%s), with status 1', async (chain) => {
    await using node = await startFakeNode({ chain, password: 'hush-password' });
    const { status, out, err } = await webpos(['serve'], { WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: node.url });
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain(`is not on the network "regtest": expected the chain "regtest", got "${chain}"`);
    expect(err).not.toContain('hush');
  });

  it('serves with a node on the right chain', async () => {
    await using node = await startFakeNode();
    const { status, err } = await webpos(['serve'], { WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: node.url });
    expect([status, err]).toEqual([0, '']);
  });
});

/** The bytes of every file in the folder. */
async function rawFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const names = await readdir(folder);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

function base(): ReturnType<typeof openBase> {
  return openBase(
    {
      databaseUrl: `sqlite:${join(folder, 'webpos.db')}`,
      keyFile: join(folder, 'webpos.key'),
      marksFile: join(folder, 'webpos.key.marks'),
    } as Parameters<typeof openBase>[0],
    { create: true },
  );
}
