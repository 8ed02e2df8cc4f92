/**
 * The packed client library, installed from its tarball as by its users, on every supported platform: it creates an order on a
 * fake platform, receives a signed callback, refuses a forged one, and handles a refusal.
 */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPECTED, ORDER_UUID } from './fake-platform.ts';
import type { Tools } from './tools.ts';
import { useConsumer } from './use-consumer.ts';
import { startWorker } from './workerd.ts';

const at = useConsumer();

describe.concurrent('among the runtimes,', () => {
  const runtimes: [name: string, program: (tools: Tools) => [string, ...string[]]][] = [
    ['Node 20.19', ({ node20 }) => [node20]],
    ['Node 22', ({ node22 }) => [node22]],
    ['Node 24', ({ node24 }) => [node24]],
    ['Bun', ({ bun }) => [bun]],
    ['Deno', ({ deno }) => [deno, 'run', '--cached-only', '--node-modules-dir=manual', '--allow-net', '--allow-read']],
  ];

  it.for(runtimes)('%s runs an ES module', { timeout: 60_000 }, async ([, program], context) => {
    expect(await at.play('shop.mjs', program(at.consumer.tools(context)))).toEqual(EXPECTED);
  });

  it.for(runtimes)('%s runs CommonJS', { timeout: 60_000 }, async ([, program], context) => {
    expect(await at.play('shop.cjs', program(at.consumer.tools(context)))).toEqual(EXPECTED);
  });

  it.for(runtimes)('%s loads every entry, as an ES module and as CommonJS', { timeout: 60_000 }, async ([, program], context) => {
    expect(await at.play('entries.mjs', program(at.consumer.tools(context)))).toEqual(await everyEntry());
  });

  it.for(runtimes)(
    '%s sends requests over node:http, as an ES module and as CommonJS',
    { timeout: 60_000 },
    async ([, program], context) => {
      expect(await at.play('node-shop.mjs', program(at.consumer.tools(context)))).toEqual(
        Array.from({ length: 6 }, () => ORDER_UUID),
      );
    },
  );

  it('workerd runs a Worker', { timeout: 60_000 }, async (context) => {
    const { esbuild, workerd } = at.consumer.tools(context);
    await at.consumer.run(esbuild, bundle('worker.mjs', 'worker.js', ['--conditions=workerd']));
    const worker = await startWorker(workerd, at.consumer.folder);
    try {
      const answer = await fetch(`${worker.baseUrl}/?platform=${at.platform.baseUrl}`);
      expect(await answer.json()).toEqual(EXPECTED);
    } finally {
      await worker.stop();
    }
  });
});

describe.concurrent('among the compilers,', () => {
  const compilers: [name: string, tsc: 'tscOldest' | 'tsc5' | 'tsc6' | 'tscNewest'][] = [
    // The first that supports `exports` of packages.
    ['TypeScript 4.7', 'tscOldest'],
    ['TypeScript 5.0', 'tsc5'],
    ['TypeScript 6', 'tsc6'],
    ['TypeScript 7', 'tscNewest'],
  ];

  it.for(compilers)('%s compiles an ES module and CommonJS, and both run', { timeout: 180_000 }, async ([, tsc], context) => {
    const { [tsc]: script, node20 } = at.consumer.tools(context);
    for (const copy of [`${tsc}.mts`, `${tsc}.cts`])
      await cp(join(at.consumer.folder, 'shop.ts'), join(at.consumer.folder, copy));
    const asNode = ['--module', 'node16', '--moduleResolution', 'node16', '--outDir', `out-${tsc}`];
    await compile(script, [...asNode, `${tsc}.mts`, `${tsc}.cts`]);
    expect(await at.play(`out-${tsc}/${tsc}.mjs`, [node20])).toEqual(EXPECTED);
    expect(await at.play(`out-${tsc}/${tsc}.cjs`, [node20])).toEqual(EXPECTED);
  });

  // TypeScript 5.0 is the first that supports the resolution of bundlers.
  it.for(compilers.slice(1))('%s compiles for a bundler', { timeout: 180_000 }, async ([, tsc], context) => {
    const forBundler = ['--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit'];
    expect(await compile(at.consumer.tools(context)[tsc], [...forBundler, 'shop.ts'])).toBe('');
  });
});

describe.concurrent('among the bundlers,', () => {
  const bundlers: [name: string, program: (tools: Tools, from: string, to: string) => [string, string[]]][] = [
    ['esbuild', ({ esbuild }, from, to) => [esbuild, bundle(from, to)]],
    ['rolldown', ({ rolldown }, from, to) => [process.execPath, [rolldown, from, '--file', to, '--format', 'es', '--minify']]],
  ];

  it.for(bundlers)('%s makes one self-contained file for a browser', { timeout: 60_000 }, async ([name, program], context) => {
    const installed = at.consumer.tools(context);
    const [command, words] = program(installed, 'shop.mjs', `${name}-shop.mjs`);
    await at.consumer.run(command, words);
    const text = await readFile(join(at.consumer.folder, `${name}-shop.mjs`), 'utf8');
    expect(text).not.toMatch(/\b(?:from|import|require)\s*\(?\s*["'`]/);
    expect(await at.play(`${name}-shop.mjs`, [installed.node20])).toEqual(EXPECTED);
  });

  it('esbuild bundles the transport over node:http for Node', { timeout: 60_000 }, async (context) => {
    const { esbuild, node20 } = at.consumer.tools(context);
    await at.consumer.run(esbuild, bundle('agent-shop.mjs', 'agent-for-node.mjs', ['--platform=node']));
    expect(await at.play('agent-for-node.mjs', [node20])).toBe(ORDER_UUID);
    // A browser bundle does not find it, and says so.
    await at.consumer.run(esbuild, bundle('agent-shop.mjs', 'agent-for-browser.mjs'));
    expect(await at.play('agent-for-browser.mjs', [node20])).toBe('ConfigurationError');
  });

  it.for(bundlers)('%s drops unused code from a bundle', { timeout: 60_000 }, async ([name, program], context) => {
    const [command, words] = program(at.consumer.tools(context), 'tiny.mjs', `${name}-tiny.mjs`);
    await at.consumer.run(command, words);
    const text = await readFile(join(at.consumer.folder, `${name}-tiny.mjs`), 'utf8');
    expect(text).not.toContain('payment-order');
    expect(text.length).toBeLessThan(300);
  });
});

/**
 * Returns the output of `fixtures/entries.mjs` if each entry of the package loads, and both kinds of it have the same exports.
 */
async function everyEntry(): Promise<Record<string, true>> {
  const manifest = await readFile(join(at.consumer.folder, 'node_modules/@webpos/sdk/package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, unknown> };
  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'));
  return Object.fromEntries(entries.map((entry) => [entry.replace('.', '@webpos/sdk'), true]));
}

function bundle(from: string, to: string, words: readonly string[] = []): string[] {
  return [from, '--bundle', '--minify', '--format=esm', '--platform=browser', `--outfile=${to}`, '--log-level=error', ...words];
}

/** Compiles strictly, including the library's own types. @throws Error with the compiler's output on a mistake. */
async function compile(tsc: string, words: readonly string[]): Promise<string> {
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
  return await at.consumer.run(process.execPath, [tsc, ...strict, '--target', 'es2022', '--lib', 'es2022,dom', ...words]);
}
