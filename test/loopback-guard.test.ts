import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-guard-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program that catches every error in a process of its own. @returns its output and what the guard recorded. */
async function inChild(
  program: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ output: string; recorded: string }> {
  const log = join(folder, `log-${Math.random()}`);
  await writeFile(log, '');
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env['PATH'], LOOPBACK_GUARD_LOG: log, ...env },
  });
  return { output: stdout.trim(), recorded: await readFile(log, 'utf8') };
}

const SAY = 'const say = (error) => console.log(error.cause?.code ?? error.code);';

describe('the loopback guard', () => {
  it.each([
    ['a fetch of an address', "await fetch('http://192.0.2.1/').catch(say);", 'connection to 192.0.2.1'],
    ['a fetch of a name', "await fetch('http://shop.webpos.org/').catch(say);", 'look-up of shop.webpos.org'],
    [
      'a look-up',
      "const dns = await import('node:dns'); await dns.promises.lookup('a.webpos.org').catch(say);",
      'look-up of a.webpos.org',
    ],
    [
      'a query of a name server',
      "const dns = await import('node:dns'); await dns.promises.resolve4('a.webpos.org').catch(say);",
      'resolve4 of a.webpos.org',
    ],
    [
      'a connection to a network neighbour',
      "const net = await import('node:net'); await new Promise((done) => net.connect(80, '10.0.0.1').on('error', (e) => done(say(e))));",
      'connection to 10.0.0.1',
    ],
    [
      'a datagram',
      "const d = (await import('node:dgram')).createSocket('udp4'); try { d.send('x', 53, '192.0.2.1'); } catch (e) { say(e); } d.close();",
      'datagram to 192.0.2.1',
    ],
    [
      'a connection with its own look-up function',
      "const net = await import('node:net'); const lookup = (_, __, done) => done(null, [{ address: '192.0.2.1', family: 4 }]); await new Promise((done) => net.connect({ port: 80, host: 'x.invalid', lookup }).on('error', (e) => done(say(e))));",
      'connection to x.invalid at 192.0.2.1',
    ],
  ])('refuses and records %s, even if the program catches the error', async (_, program, what) => {
    const { output, recorded } = await inChild(SAY + program);
    expect(output).toBe('ELOOPBACKGUARD');
    expect(recorded).toContain(what);
  });

  it('guards the children of children, and those whose environment a test has built', async () => {
    const { recorded } = await inChild(
      "const { spawnSync } = await import('node:child_process'); spawnSync(process.execPath, ['-e', \"fetch('http://192.0.2.9/').catch(() => {})\"], { env: {} });",
    );
    expect(recorded).toContain('connection to 192.0.2.9');
  });

  it('answers names that can never exist without a query', async () => {
    const { output, recorded } = await inChild(`${SAY}await fetch('https://shop.example/').catch(say);`);
    expect([output, recorded]).toEqual(['ENOTFOUND', '']);
  });

  it('lets programs use the loopback interface', async () => {
    const server = createServer((_, answer) => answer.end('here')).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    const { output, recorded } = await inChild(
      `console.log(await (await fetch('http://127.0.0.1:${port}/')).text(), await (await fetch('http://localhost:${port}/')).text())`,
    );
    server.close();
    expect([output, recorded]).toEqual(['here here', '']);
  });

  it('fails the file of a test that catches the error of an outside connection', async () => {
    const file = join(folder, 'leaves.test.mjs');
    const config = join(folder, 'vitest.config.mjs');
    await writeFile(
      file,
      "import { test } from 'vitest'; test('catches everything', async () => { await fetch('http://192.0.2.1/').catch(() => undefined); });",
    );
    const setup = JSON.stringify(join(repository, 'test/support/loopback/setup.ts'));
    await writeFile(
      config,
      `export default { root: ${JSON.stringify(folder)}, test: { include: ['*.test.mjs'], setupFiles: [${setup}] } };`,
    );
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
    const link = join(folder, 'node_modules');
    await symlink(join(repository, 'node_modules'), link);
    const ended = await run(process.execPath, [vitest, 'run', '--config', config], { cwd: folder }).catch(
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    expect('code' in ended && ended.code, JSON.stringify(ended)).toBe(1);
    expect(`${ended.stdout}${ended.stderr}`).toContain('connection to 192.0.2.1');
  }, 60_000);
});
