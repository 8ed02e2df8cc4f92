/** What `npm start` and `webpos` print: in colour in a terminal and plain elsewhere, at the end, and on a mistake. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '@webpos/sdk';
import { readStartSettings } from '../../scripts/support/start/settings.ts';
import { program } from '../../test/support/programs/program.ts';
import { ROOT, start, startAndEnd, type Started } from '../support/started.ts';

const COLOUR = '\u001b[';

let folder: string;
let started: Started | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-start-'));
  started = undefined;
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  it('prints in colour in a terminal, and at Ctrl+C what it stored and how to continue', async () => {
    started = await start({ folder, inTerminal: true });
    await createOrder(started);
    await started.printed(/order {4}/);
    expect(await started.interrupt()).toBe(0);
    const output = started.output();
    expect(output).toContain(`${COLOUR}1morder`);
    expect(output).toContain('Orders, the shop and its wallet are kept in ./webpos.db, the keys in ./webpos.key.');
    expect(output).toContain('"npm start" goes on from there. To begin anew, delete ./webpos.db* and ./webpos.key*.');
  }, 240_000);

  it('prints no colours into a pipe, or if NO_COLOR is set', async () => {
    started = await start({ folder });
    await createOrder(started);
    await started.printed(/order {4}/);
    expect(await started.interrupt()).toBe(0);
    expect(started.output()).not.toContain(COLOUR);
    started = await start({ folder, inTerminal: true, environment: { NO_COLOR: '1' } });
    expect(await started.interrupt()).toBe(0);
    expect(started.output()).not.toContain(COLOUR);
  }, 240_000);

  it('leaves the terminal to the orders: warnings are logged only if somebody asks for them', () => {
    expect(readStartSettings({}).config.logLevel).toBe('error');
    expect(readStartSettings({ WEBPOS_LOG_LEVEL: 'info' }).config.logLevel).toBe('info');
  });

  it('continues with the same shop and orders at the next start', async () => {
    started = await start({ folder });
    const order = await createOrder(started);
    const first = credentialsOf(started);
    await started.interrupt();
    started = await start({ folder });
    expect(credentialsOf(started)).toEqual(first);
    expect(await clientOf(started).getPaymentOrder(order)).toMatchObject({ uuid: order });
    await started.interrupt();
  }, 240_000);

  it('shares its database and key file with the webpos command', async () => {
    started = await start({ folder });
    const { stdout } = await webpos('pos', 'list', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'Little Roastery', client_id: credentialsOf(started).clientId }]);
    await started.interrupt();
  }, 240_000);

  it('refuses a second start in the same folder, naming the first', async () => {
    started = await start({ folder });
    const { status, output } = await startAndEnd(folder, { WEBPOS_PORT: '0', SHOP_PORT: '0' });
    expect([status, lines(output)]).toEqual([
      1,
      [expect.stringMatching(/^npm start: another gateway serves \.\/webpos\.db: process \d+/)],
    ]);
    expect(output).toContain('stop that one first');
    await started.interrupt();
  }, 240_000);

  it('reports in one line that the port of the gateway or of the shop is in use', async () => {
    started = await start({ folder });
    const elsewhere = await mkdtemp(join(tmpdir(), 'webpos-start-'));
    for (const [name, url] of [
      ['WEBPOS_PORT', started.gatewayUrl],
      ['SHOP_PORT', started.shopUrl],
    ] as const) {
      const { port } = new URL(url);
      const { status, output } = await startAndEnd(elsewhere, { WEBPOS_PORT: '0', SHOP_PORT: '0', [name]: port });
      expect([status, lines(output)]).toEqual([
        1,
        [expect.stringMatching(`^npm start: ${name}: port ${port} .*in use by another program`)],
      ]);
    }
    await started.interrupt();
    await rm(elsewhere, { recursive: true, force: true });
  }, 240_000);

  it.each([
    [{ WEBPOS_PORT: 'abc' }, 'npm start: WEBPOS_PORT: expected a whole number from 0 to 65535, got "abc"'],
    [{ SHOP_PORT: 'abc' }, 'npm start: SHOP_PORT: expected a whole number from 0 to 65535, got "abc"'],
    [{ SHOP_PORT: '70000' }, 'npm start: SHOP_PORT: expected a whole number from 0 to 65535, got "70000"'],
    [
      { WEBPOS_MODE: 'live' },
      'npm start: npm start runs the sandbox only, and WEBPOS_MODE is live. For real payments run "npm run webpos -- serve", or unset WEBPOS_MODE to try the sandbox',
    ],
  ])(
    'refuses %j in one line with the remedy, and leaves nothing behind',
    async (environment, line) => {
      const { status, output } = await startAndEnd(folder, environment);
      expect([status, lines(output)]).toEqual([1, [line]]);
      expect(await readdir(folder)).toEqual([]);
    },
    60_000,
  );
});

describe('webpos', () => {
  it.each([
    ['order', 'list'],
    ['pos', 'list'],
    ['callback', 'list'],
    ['panel', 'login'],
  ])(
    '%s %s in an empty folder says how to create a database, and creates nothing',
    async (...words) => {
      const failed: unknown = await webpos(...words).catch((error: unknown) => error);
      expect(failed).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^webpos: no database at \.\/webpos\.db .*\n$/) as string,
      });
      expect(await readdir(folder)).toEqual([]);
    },
    30_000,
  );

  it('in an unbuilt clone says how to run or build it', async () => {
    await mkdir(join(folder, 'bin'));
    await cp(join(ROOT, 'packages/gateway/bin/webpos.js'), join(folder, 'bin/webpos.mjs'));
    const failed: unknown = await promisify(execFile)(process.execPath, [join(folder, 'bin/webpos.mjs'), 'serve']).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'webpos: this clone is not built yet. Run it from source with "npm run --silent webpos -- COMMAND", or build it once with "npm run build"\n',
    });
  });
});

async function webpos(...words: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [await program('webpos'), ...words], { cwd: folder });
}

function lines(output: string): string[] {
  return output.trimEnd().split('\n');
}

function credentialsOf({ output }: Started): { clientId: string; secret: string } {
  const [, clientId = ''] = /^export WEBPOS_CLIENT_ID=(\w+)\r?$/m.exec(output()) ?? [];
  const [, secret = ''] = /^export WEBPOS_SECRET=(\w+)\r?$/m.exec(output()) ?? [];
  return { clientId, secret };
}

function clientOf(running: Started): Client {
  return new Client({ mode: 'sandbox', ...credentialsOf(running), baseUrl: running.gatewayUrl });
}

async function createOrder(running: Started): Promise<string> {
  return (await clientOf(running).createPaymentOrder({ amount: '3.50' })).uuid;
}
