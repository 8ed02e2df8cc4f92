/**
 * The packed client library, installed from its tarball as its users would, in each of the places where it has to run:
 * it makes an order against a fake platform, takes a signed callback, refuses a forged one and understands a refusal.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { packSdk } from '../../test/support/pack-sdk.ts';
import { EXPECTED, type FakePlatform, ORDER_UUID, startFakePlatform } from './fake-platform.ts';
import { installTools, NoRegistry, npm, type Tools } from './tools.ts';
import { startWorker } from './workerd.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const run = promisify(execFile);

let folder: string;
let platform: FakePlatform;
let tools: Tools | NoRegistry;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-consumer-'));
  platform = await startFakePlatform();
  await cp(FIXTURES, folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const [tarball] = await Promise.all([
    packSdk(folder),
    installTools().then(
      (installed) => (tools = installed),
      (error: unknown) => {
        if (!(error instanceof NoRegistry)) throw error;
        tools = error;
      },
    ),
  ]);
  // It has no dependency, so that this needs no registry.
  await npm(folder, ['install', '--offline', tarball]);
}, 300_000);

afterAll(async () => {
  await platform?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** The tools, or a skip that says why none exist. */
function toolsOf(context: TestContext): Tools {
  if (tools instanceof NoRegistry) return context.skip(tools.message);
  return tools;
}

/** Runs a shop of `folder` with a program, and gives what it tells. */
async function play(program: readonly [string, ...string[]], file: string): Promise<unknown> {
  const [command, ...words] = program;
  const env = { ...process.env, NODE_OPTIONS: '', DENO_DIR: join(folder, '.deno'), DENO_NO_UPDATE_CHECK: '1' };
  const { stdout } = await run(command, [...words, 'run.mjs', file, platform.baseUrl], { cwd: folder, env, timeout: 60_000 });
  return JSON.parse(stdout) as unknown;
}

describe.concurrent('the runtimes', () => {
  const runtimes: [name: string, program: (tools: Tools) => [string, ...string[]]][] = [
    ['Node 20.19', ({ node20 }) => [node20]],
    ['Node 22', ({ node22 }) => [node22]],
    ['Node 24', ({ node24 }) => [node24]],
    ['Bun', ({ bun }) => [bun]],
    ['Deno', ({ deno }) => [deno, 'run', '--cached-only', '--node-modules-dir=manual', '--allow-net', '--allow-read']],
  ];

  it.for(runtimes)('%s runs an ES module', { timeout: 60_000 }, async ([, program], context) => {
    expect(await play(program(toolsOf(context)), './shop.mjs')).toEqual(EXPECTED);
  });

  it.for(runtimes)('%s runs CommonJS', { timeout: 60_000 }, async ([, program], context) => {
    expect(await play(program(toolsOf(context)), './shop.cjs')).toEqual(EXPECTED);
  });

  it.for(runtimes)('%s loads every entry, as either kind', { timeout: 60_000 }, async ([, program], context) => {
    expect(await play(program(toolsOf(context)), './entries.mjs')).toEqual(await everyEntry());
  });

  it.for(runtimes)('%s sends over node:http, as either kind', { timeout: 60_000 }, async ([, program], context) => {
    expect(await play(program(toolsOf(context)), './node-shop.mjs')).toEqual(Array.from({ length: 6 }, () => ORDER_UUID));
  });

  it('workerd runs a Worker', { timeout: 60_000 }, async (context) => {
    const { esbuild, workerd } = toolsOf(context);
    await run(esbuild, bundle('worker.mjs', 'worker.js', ['--conditions=workerd']), { cwd: folder });
    const worker = await startWorker(workerd, folder);
    try {
      const answer = await fetch(`${worker.baseUrl}/?platform=${platform.baseUrl}`);
      expect(await answer.json()).toEqual(EXPECTED);
    } finally {
      await worker.stop();
    }
  });
});

describe.concurrent('the compilers', () => {
  const compilers: [name: string, tsc: 'tscOldest' | 'tsc5' | 'tsc6' | 'tscNewest'][] = [
    // The first that knows packages with `exports`.
    ['TypeScript 4.7', 'tscOldest'],
    ['TypeScript 5.0', 'tsc5'],
    ['TypeScript 6', 'tsc6'],
    ['TypeScript 7', 'tscNewest'],
  ];

  it.for(compilers)('%s compiles an ES module and CommonJS, and both run', { timeout: 180_000 }, async ([, tsc], context) => {
    const { [tsc]: script, node20 } = toolsOf(context);
    for (const copy of [`${tsc}.mts`, `${tsc}.cts`]) await cp(join(folder, 'shop.ts'), join(folder, copy));
    const asNode = ['--module', 'node16', '--moduleResolution', 'node16', '--outDir', `out-${tsc}`];
    await compile(script, [...asNode, `${tsc}.mts`, `${tsc}.cts`]);
    expect(await play([node20], `./out-${tsc}/${tsc}.mjs`)).toEqual(EXPECTED);
    expect(await play([node20], `./out-${tsc}/${tsc}.cjs`)).toEqual(EXPECTED);
  });

  // TypeScript 5.0 is the first that knows how bundlers resolve.
  it.for(compilers.slice(1))('%s compiles for a bundler', { timeout: 180_000 }, async ([, tsc], context) => {
    const forBundler = ['--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit'];
    expect(await compile(toolsOf(context)[tsc], [...forBundler, 'shop.ts'])).toBe('');
  });
});

describe.concurrent('the bundlers', () => {
  const bundlers: [name: string, program: (tools: Tools, from: string, to: string) => [string, string[]]][] = [
    ['esbuild', ({ esbuild }, from, to) => [esbuild, bundle(from, to)]],
    ['rolldown', ({ rolldown }, from, to) => [process.execPath, [rolldown, from, '--file', to, '--format', 'es', '--minify']]],
  ];

  it.for(bundlers)(
    '%s makes one file for a browser that runs by itself',
    { timeout: 60_000 },
    async ([name, program], context) => {
      const installed = toolsOf(context);
      const [command, words] = program(installed, 'shop.mjs', `${name}-shop.mjs`);
      await run(command, words, { cwd: folder });
      const text = await readFile(join(folder, `${name}-shop.mjs`), 'utf8');
      expect(text).not.toMatch(/\b(?:from|import|require)\s*\(?\s*["'`]/);
      expect(await play([installed.node20], `./${name}-shop.mjs`)).toEqual(EXPECTED);
    },
  );

  it('esbuild bundles the transport over node:http for Node', { timeout: 60_000 }, async (context) => {
    const { esbuild, node20 } = toolsOf(context);
    await run(esbuild, bundle('agent-shop.mjs', 'agent-for-node.mjs', ['--platform=node']), { cwd: folder });
    expect(await play([node20], './agent-for-node.mjs')).toBe(ORDER_UUID);
    // What is bundled for a browser does not find it, and says so.
    await run(esbuild, bundle('agent-shop.mjs', 'agent-for-browser.mjs'), { cwd: folder });
    expect(await play([node20], './agent-for-browser.mjs')).toBe('ConfigurationError');
  });

  it.for(bundlers)('%s drops what a bundle does not use', { timeout: 60_000 }, async ([name, program], context) => {
    const [command, words] = program(toolsOf(context), 'tiny.mjs', `${name}-tiny.mjs`);
    await run(command, words, { cwd: folder });
    const text = await readFile(join(folder, `${name}-tiny.mjs`), 'utf8');
    expect(text).not.toContain('payment-order');
    expect(text.length).toBeLessThan(300);
  });
});

/** What `fixtures/entries.mjs` tells when each entry of the package loads, and both kinds of it export the same. */
async function everyEntry(): Promise<Record<string, true>> {
  const manifest = await readFile(join(folder, 'node_modules/@webpos/sdk/package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, unknown> };
  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'));
  return Object.fromEntries(entries.map((entry) => [entry.replace('.', '@webpos/sdk'), true]));
}

function bundle(from: string, to: string, words: readonly string[] = []): string[] {
  return [from, '--bundle', '--minify', '--format=esm', '--platform=browser', `--outfile=${to}`, '--log-level=error', ...words];
}

/** Compiles strictly, the library's own types too, and throws with what the compiler said when it finds a mistake. */
async function compile(tsc: string, words: readonly string[]): Promise<string> {
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
  const all = [tsc, ...strict, '--target', 'es2022', '--lib', 'es2022,dom', ...words];
  try {
    return (await run(process.execPath, all, { cwd: folder })).stdout;
  } catch (error) {
    throw new Error(`tsc ${words.join(' ')}:\n${String((error as { stdout?: unknown }).stdout)}`, { cause: error });
  }
}
