/** The packed library in its users' bundlers: no warning, and a bundle that works like the library. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPECTED, ORDER_UUID } from './fake-platform.ts';
import type { Tools } from './tools.ts';
import { useConsumer } from './use-consumer.ts';

const at = useConsumer();

type Target = 'node' | 'web';
/** Bundles a file into another. @returns the warnings. */
type Bundle = (tools: Tools, from: string, to: string, target: Target) => Promise<string>;

const webpack =
  (major: 4 | 5): Bundle =>
  async ({ modules }, from, to, target) => {
    // webpack 4 hashes with MD4, which OpenSSL 3 calls legacy.
    const flags = major === 4 ? ['--openssl-legacy-provider'] : [];
    const words = ['webpack.cjs', join(modules, `webpack-${major}`), from, to, target];
    return (await at.consumer.run(process.execPath, [...flags, ...words])).replace(/^\[\]\n$/, '');
  };

/** Uses the configuration of its command line, so that its own module loader runs. */
const byConfig =
  (command: string, config: (tools: Tools, from: string, to: string, target: Target) => string, words: string[]): Bundle =>
  async (tools, from, to, target) => {
    const name = `${to}.config.mjs`;
    await writeFile(join(at.consumer.folder, name), config(tools, from, to, target));
    return await at.consumer.run(process.execPath, [join(tools.modules, command), ...words, name]);
  };

const rollup = byConfig(
  'rollup/dist/bin/rollup',
  ({ modules }, from, to, target) => `
    import { nodeResolve } from '${join(modules, '@rollup/plugin-node-resolve/dist/es/index.js')}';
    export default {
      input: '${from}',
      output: { file: '${to}', format: 'es', inlineDynamicImports: true },
      plugins: [nodeResolve(${target === 'node' ? "{ exportConditions: ['node'] }" : '{ browser: true }'})],
      onLog: (level, log) => level === 'warn' && console.log(log.message),
    };`,
  ['--silent', '--config'],
);

const vite = byConfig(
  'vite/bin/vite.js',
  (_tools, from, to, target) => `
    export default {
      logLevel: 'warn',
      ssr: { noExternal: true },
      build: {
        ${target === 'node' ? `ssr: '${from}',` : `lib: { entry: '${from}', formats: ['es'], fileName: () => '${to}' },`}
        outDir: '.',
        emptyOutDir: false,
        copyPublicDir: false,
        rollupOptions: { output: { entryFileNames: '${to}' } },
      },
    };`,
  ['build', '--config'],
);

const esbuild: Bundle = async (tools, from, to, target) => {
  const platformOf = target === 'node' ? 'node' : 'browser';
  const words = [from, '--bundle', '--format=esm', `--platform=${platformOf}`, `--outfile=${to}`, '--log-level=warning'];
  return await at.consumer.run(tools.esbuild, words);
};

const BUNDLERS: [name: string, bundle: Bundle, extension: 'mjs' | 'cjs'][] = [
  ['webpack 4', webpack(4), 'cjs'],
  ['webpack 5', webpack(5), 'cjs'],
  ['Vite', vite, 'mjs'],
  ['esbuild', esbuild, 'mjs'],
  ['Rollup', rollup, 'mjs'],
];

describe.each(BUNDLERS)('%s', (name, bundle, extension) => {
  const output = (what: string): string => `${name.replace(' ', '-')}-${what}.${extension}`;

  it('bundles a shop for a browser without a warning', { timeout: 120_000 }, async (context) => {
    const tools = at.consumer.tools(context);
    expect(await bundle(tools, 'shop.mjs', output('web'), 'web')).toBe('');
    const text = await readFile(join(at.consumer.folder, output('web')), 'utf8');
    expect(text).not.toContain('ERR_PROXY_TUNNEL');
    expect(await at.play(output('web'))).toEqual(EXPECTED);
  });

  it('bundles the transport over node:http for Node', { timeout: 120_000 }, async (context) => {
    expect(await bundle(at.consumer.tools(context), 'agent-shop.mjs', output('agent'), 'node')).toBe('');
    expect(await at.play(output('agent'))).toBe(ORDER_UUID);
  });

  it('bundles a store in Redis, whose package is found where the bundle runs', { timeout: 120_000 }, async (context) => {
    const { folder } = at.consumer;
    // The package is not bundled, and not warned about.
    expect(await bundle(at.consumer.tools(context), 'redis-shop.mjs', output('redis'), 'node')).toBe('');
    await cp(join(folder, 'fake-redis'), join(folder, 'node_modules/redis'), { recursive: true });
    expect(await at.play(output('redis'))).toBe('kept');
  });
});
