/** A lost or wrong key file, and files with unsafe permissions, with the real command in its own process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  eachInItsFolder,
  environment,
  home,
  json,
  modeOf,
  newOrder,
  newPos,
  quick,
  REPOSITORY,
  serve,
  webpos,
  type Credentials,
} from './support/installation.ts';
import { ask, loginAt } from './support/served-gateway.ts';
import { parseAccount } from '../src/wallet/descriptor/parse-account.ts';
import { program } from '../../../test/support/programs/program.ts';

eachInItsFolder();
let folder: string;
beforeEach(() => {
  ({ folder } = home);
});

describe('a key file', () => {
  it('that is missing is not created again while POS exist, and every command says what to do', async () => {
    const pos = await newPos();
    await rm(join(folder, 'webpos.key'));
    const account = (await json<{ uuid: string }[]>(['account', 'list']))[0]?.uuid ?? '';
    for (const words of [
      ['serve'],
      ['pos', 'create', '--name', 'Second', '--account', account, '--currency', 'EUR'],
      ['pos', 'rotate-secret', '--pos', pos.uuid],
    ]) {
      const { status, err } = await quick(words);
      expect([status, err]).toEqual([1, expect.stringMatching(/no key file at .*webpos\.key.*webpos key renew/)]);
    }
    await json(['order', 'list']);
    await json(['pos', 'list']);
    expect((await quick(['doctor'])).out).toMatch(/PROBLEM {2}key file: no key file at/);
    expect(await readdir(folder)).not.toContain('webpos.key');
  }, 240_000);

  it('of another database is refused before anything is sealed with it', async () => {
    const pos = await newPos();
    const account = (await json<{ uuid: string }[]>(['account', 'list']))[0]?.uuid ?? '';
    const settings = { WEBPOS_KEY_FILE: join(folder, 'other.key') };
    await writeFile(settings.WEBPOS_KEY_FILE, `${'0'.repeat(64)}\n`, { mode: 0o600 });
    for (const words of [
      ['pos', 'create', '--name', 'Second', '--account', account, '--currency', 'EUR'],
      ['pos', 'rotate-secret', '--pos', pos.uuid],
      ['serve'],
    ])
      expect((await quick(words, { settings })).err).toContain('expected the key file of this database, got another');
    expect(await json<unknown[]>(['pos', 'list'])).toHaveLength(1);
    // The right key file still opens everything.
    await serve();
  }, 240_000);

  it('is not created by a command that only reads, and neither is a database', async () => {
    for (const words of [
      ['order', 'list'],
      ['pos', 'list'],
      ['account', 'list'],
      ['callback', 'list'],
      ['panel', 'login'],
      ['doctor'],
    ]) {
      const { out, err } = await quick(words);
      expect(out + err).toContain('no database at');
    }
    expect(await readdir(folder)).toEqual([]);
  }, 240_000);

  it('that is lost can be renewed: every POS gets a new secret, old secrets and tokens end, and orders continue', async () => {
    const pos = await newPos();
    const first = await serve();
    const { token = '' } = await loginAt(first.url, pos.client_id, pos.secret);
    await newOrder(first.url, pos);
    const refused = await webpos(['key', 'renew']);
    expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('another gateway serves')]);
    await home.gateway?.kill('SIGTERM');
    const works = await quick(['key', 'renew']);
    expect([works.status, works.err]).toEqual([1, expect.stringContaining('decrypts the secret of every POS')]);
    await chmod(join(folder, 'webpos.key'), 0o644);
    expect((await quick(['key', 'renew'])).err).toContain('chmod 600');
    await rm(join(folder, 'webpos.key'));

    const { pos: renewed, unconfirmed } = await json<{ pos: Credentials[]; unconfirmed: unknown }>(['key', 'renew']);
    const [account] = await json<{ uuid: string; descriptor: string }[]>(['account', 'list']);
    const { uuid = '', descriptor = '' } = account ?? {};
    expect(unconfirmed).toEqual({ accounts: [uuid], pos: [pos.uuid], refunds: [] });
    expect(renewed).toMatchObject([
      { uuid: pos.uuid, client_id: pos.client_id, secret: expect.stringMatching(/^[\da-f]{64}$/) as string },
    ]);
    expect(await modeOf(join(folder, 'webpos.key'))).toBe(0o600);
    expect((await readdir(folder)).filter((name) => /renewal|\.new/.test(name))).toEqual([]);
    // Nothing says any more that the wallet in the database is the merchant's: he does.
    const { address } = parseAccount({ descriptor }, 'regtest').receive(0);
    const wrong = await quick(['account', 'seal', '--account', uuid, '--first-address', `${address}x`]);
    expect([wrong.status, wrong.err]).toEqual([1, expect.stringContaining('--first-address: expected')]);
    await quick(['account', 'seal', '--account', uuid, '--first-address', address]);
    await quick(['pos', 'bind', '--pos', pos.uuid, '--account', uuid]);
    const { url } = await serve();
    expect((await loginAt(url, pos.client_id, pos.secret)).error).toBe('1001');
    expect((await ask(url, 'GET', '/payment-order', `Bearer ${token}`))['error_code']).toBeDefined();
    expect(await newOrder(url, renewed[0]!)).not.toBe('');
    expect(await json<unknown[]>(['order', 'list'])).toHaveLength(2);
  }, 240_000);

  it('can be renewed again after a renewal was killed at any moment', async () => {
    const pos = await newPos();
    await rm(join(folder, 'webpos.key'));
    for (const afterMs of [100, 200, 300, 400, 600, 800]) {
      const child = spawn(process.execPath, [await program('webpos'), 'key', 'renew', '--json'], {
        cwd: REPOSITORY,
        env: environment(folder, {}),
        stdio: 'ignore',
      });
      const ended = once(child, 'close');
      setTimeout(() => child.kill('SIGKILL'), afterMs);
      await ended;
    }
    // With the flag it is renewed whatever state the killed renewals have left.
    const { pos: renewed } = await json<{ pos: Credentials[] }>(['key', 'renew', '--replace-working-key']);
    const { url } = await serve();
    expect((await loginAt(url, pos.client_id, renewed[0]?.secret ?? '')).token).toBeDefined();
  }, 240_000);
});

describe('a gateway that serves a database', () => {
  it('keeps a second gateway out and commands working, and leaves no lock when it is killed', async () => {
    const pos = await newPos();
    const { url } = await serve();
    const second = await webpos(['serve']);
    expect([second.status, second.out]).toEqual([1, '']);
    expect(second.err).toMatch(/another gateway serves .*webpos\.db: process \d+ on \S+, since 20/);
    await newOrder(url, pos);
    expect(await json<unknown[]>(['order', 'list'])).toHaveLength(1);
    expect((await quick(['doctor'])).out).toContain('ok       files');
    await home.gateway?.kill('SIGKILL');
    await serve();
  }, 240_000);
});

describe('files that others can read', () => {
  it('are reported by the doctor', async () => {
    await newPos();
    await chmod(join(folder, 'webpos.db'), 0o644);
    const { out } = await quick(['doctor']);
    expect(out).toMatch(
      /WARNING {2}files: other users of this machine can use .*webpos\.db \(mode 0644\).*: protect them with chmod 600/,
    );
    expect(await readFile(join(folder, 'webpos.key'), 'utf8')).toMatch(/^[\da-f]{64}\n$/);
  }, 240_000);
});
